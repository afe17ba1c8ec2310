"""The one place where an error of the driver or the file system becomes a DatabaseError."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

from sqlcipher3 import dbapi2 as sqlite

from localr1.errors import BusyError, DamagedError, DatabaseError
from localr1.store.backups import newest_backup
from localr1.store.files import key_file, write_ahead_log

_CODES: dict[str, int] = {
    "database or disk is full": sqlite.SQLITE_FULL,
    "disk I/O error": sqlite.SQLITE_IOERR,
    "database disk image is malformed": sqlite.SQLITE_CORRUPT,
    "file is not a database": sqlite.SQLITE_NOTADB,
    "attempt to write a readonly database": sqlite.SQLITE_READONLY,
    "unable to open database file": sqlite.SQLITE_CANTOPEN,
}
"""SQLite's words for some of its result codes."""
_CLOSED = frozenset(
    {sqlite.SQLITE_READONLY, sqlite.SQLITE_PERM, sqlite.SQLITE_CANTOPEN, sqlite.SQLITE_PROTOCOL}
)
"""A file that SQLite can't open, write or lock."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise a DatabaseError about the database at `path` for whatever the block's SQL or files raise."""
    try:
        yield
    except sqlite.Error as error:
        raise _database_error(path, error) from error
    except OSError as error:
        raise _file_error(path, error) from error


def damaged(path: Path, how: str) -> DamagedError:
    """The error for a file whose content can't be trusted, with the way back to the newest backup."""
    if newest := newest_backup(path):
        hint = (
            f"It stays untouched. `localr1 chats restore {newest.name}` goes back to its newest backup;"
            " `localr1 chats backups` lists all of them."
        )
    else:
        hint = f"It stays untouched, and has no backup. Start with a new one: {_move_away(path)}"
    return DamagedError(f"{path} {how}.", hint=hint)


def _move_away(path: Path) -> str:
    """The command that does; a log that stayed behind would spoil the database that comes in its place."""
    moves = []
    for file in (path, write_ahead_log(path), key_file(path)):
        if file == path or file.exists():
            new = f"{path}.damaged{file.name.removeprefix(path.name)}"
            moves.append(f"mv -i {quote(str(file))} {quote(new)}")
    return " && ".join(moves)


def _file_error(path: Path, error: OSError) -> DatabaseError:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return _full(path)
        case errno.EFBIG | errno.EIO:
            return _refused(path, str(error.strerror))
        case errno.ENOLCK | errno.EOPNOTSUPP | errno.ENOSYS:
            return _without_locks(path)
        case _:
            return DatabaseError(f"{path} can't be used: {error.strerror}.", hint=_access_hint(path))


def _database_error(path: Path, error: Exception) -> DatabaseError:
    match _primary_code(error):
        case sqlite.SQLITE_BUSY | sqlite.SQLITE_LOCKED:
            return BusyError(
                f"{path} is busy: another program keeps it locked.",
                hint="Close the other localr1, or wait for the backup program that reads it, and try again.",
            )
        case sqlite.SQLITE_FULL:
            return _full(path)
        case sqlite.SQLITE_CORRUPT | sqlite.SQLITE_NOTADB:
            key = key_file(path)
            perhaps = f", or {key.name} is the key of another database" if key.exists() else ""
            return damaged(path, f"is damaged{perhaps}")
        case sqlite.SQLITE_IOERR:
            return _refused(path, str(error))
        case code if code in _CLOSED:
            return _closed(path, code)
        case _:
            return DatabaseError(
                f"{path} refused a step ({error}).", hint="Please report this; nothing was changed."
            )


def _closed(path: Path, code: int) -> DatabaseError:
    match code:
        case sqlite.SQLITE_PROTOCOL:
            return _without_locks(path)
        case sqlite.SQLITE_CANTOPEN if _is_ours(path):
            return DatabaseError(
                f"{path} can't be opened: its disk takes no more files, or too many are open.",
                hint="Free some space; everything saved so far is still there.",
            )
        case _:
            return DatabaseError(f"{path} can't be written.", hint=_access_hint(path))


def _full(path: Path) -> DatabaseError:
    return DatabaseError(
        f"The disk is full: {path} can't grow.",
        hint="Free some space or delete old chats; everything saved so far is still there.",
    )


def _refused(path: Path, reason: str) -> DatabaseError:
    return DatabaseError(
        f"The disk refused to read or write {path} ({reason}).",
        hint="It may be full, over its quota or failing; everything saved so far is still there.",
    )


def _without_locks(path: Path) -> DatabaseError:
    return DatabaseError(
        f"{path} lies on a disk where files can't be locked, so that two programs would spoil it.",
        hint="LOCALR1_HOME names another place for models and chats.",
    )


def _primary_code(error: Exception) -> int:
    """SQLite's result code without its extension; 0 for what the Python side of the driver raised.

    Of what goes wrong in a copy the driver gives the words only.
    """
    match error:
        case sqlite.Error(sqlite_errorcode=int(code)):
            return code & 0xFF
        case _:
            return _CODES.get(str(error), 0)


def _is_ours(path: Path) -> bool:
    """Whether rights are no reason why a file can't be opened."""
    return all(os.access(place, os.R_OK | os.W_OK, effective_ids=True) for place in (path, path.parent))


def _access_hint(path: Path) -> str:
    files = f"{quote(str(path.parent))} {quote(str(path))}"
    return f"The file and its directory must be yours and writable: ls -ld {files}"
