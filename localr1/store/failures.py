"""The one place where an error of the driver or the file system becomes a DatabaseError."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

from sqlcipher3 import dbapi2 as sqlite

from localr1.errors import BusyError, DamagedError, DatabaseError
from localr1.store.backups import newest_backup
from localr1.store.files import key_file, write_ahead_log


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
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(path)
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
        case sqlite.SQLITE_READONLY | sqlite.SQLITE_CANTOPEN | sqlite.SQLITE_PERM:
            return DatabaseError(f"{path} can't be written.", hint=_access_hint(path))
        case sqlite.SQLITE_CORRUPT | sqlite.SQLITE_NOTADB:
            key = key_file(path)
            perhaps = f", or {key.name} is the key of another database" if key.exists() else ""
            return damaged(path, f"is damaged{perhaps}")
        case sqlite.SQLITE_IOERR:
            return DatabaseError(
                f"The disk refused to read or write {path} ({error}).",
                hint="It may be full, over its quota or failing; everything saved so far is still there.",
            )
        case _:
            return DatabaseError(
                f"{path} refused a step ({error}).", hint="Please report this; nothing was changed."
            )


def _full(path: Path) -> DatabaseError:
    return DatabaseError(
        f"The disk is full: {path} can't grow.",
        hint="Free some space or delete old chats; everything saved so far is still there.",
    )


def _primary_code(error: Exception) -> int:
    """SQLite's result code without its extension; 0 for what the Python side of the driver raised."""
    match error:
        case sqlite.Error(sqlite_errorcode=int(code)):
            return code & 0xFF
        case _:
            return 0


def _access_hint(path: Path) -> str:
    files = f"{quote(str(path.parent))} {quote(str(path))}"
    return f"The file and its directory must be yours and writable: ls -ld {files}"
