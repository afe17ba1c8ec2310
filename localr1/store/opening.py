"""What comes before a database is opened: its file is made where there is none, and refused if it is bad."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from localr1.errors import DatabaseError, LockedError
from localr1.paths import make_private_directory
from localr1.store.backups import drop_twin
from localr1.store.driver import connect
from localr1.store.files import copy_file, family, key_file, name_new, new_file, write_ahead_log
from localr1.store.header import check_encrypted, check_header
from localr1.store.key_file import is_encrypted
from localr1.store.migrations import Migration, migrate
from localr1.store.sealed_key import DatabaseKey
from localr1.store.wiping import erase


def clear_remains(path: Path) -> None:
    """Take away what a kill left of a copy."""
    for file in family(copy_file(path)):
        erase(file)
    drop_twin(path)


def checked_key(path: Path, key: DatabaseKey | None, newest: int) -> DatabaseKey | None:
    """The key that opens a database, None for a plain one; raises DatabaseError or LockedError.

    `newest` is the version of the schema that this localr1 knows.
    """
    if not is_encrypted(path):
        check_header(path, newest)
        return None
    if key is None:
        raise LockedError(
            "The chats are encrypted, and their passphrase is needed.",
            hint="Where nobody can be asked: --key-file FILE, --key-fd N or LOCALR1_KEY_FILE.",
        )
    check_encrypted(path)
    return key


def create_file(path: Path, migrations: Sequence[Migration]) -> None:
    """Make a new database under another name first: no crash leaves half of one, no race overwrites one.

    A log whose database has come into being meanwhile is that of another window. What closing it would put
    into the file, and on a full disk leave out without a word, is put there before.
    """
    make_private_directory(path.parent)
    for orphan, what in (
        (write_ahead_log(path), "messages that belong in it are in"),
        (key_file(path), "its key is"),
    ):
        if orphan.exists() and not path.exists():
            raise DatabaseError(
                f"{path} is missing, but {what} {orphan}.",
                hint=f"Put {path.name} back beside it, or move {orphan.name} away to start with a new one.",
            )
    with new_file(path) as new:
        with closing(connect(new, new=True)) as connection:
            migrate(connection, new, migrations)
            connection.execute("pragma wal_checkpoint(truncate)").fetchall()
        name_new(new, path)
