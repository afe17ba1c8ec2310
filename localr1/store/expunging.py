"""What is erased from a database leaves its backups as well, which otherwise stay."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from localr1.errors import DatabaseError
from localr1.store.backups import Backup, delete_unfinished, list_backups
from localr1.store.database import Database
from localr1.store.failures import translated

LARGE = 64 * 2**20
"""Bytes from which on a backup goes as a whole: nobody shall wait for each of them."""


def expunge(database: Database, erase: Callable[[Database], None]) -> None:
    """Erase something from every backup, before it goes from the database: a kill leaves it nowhere else.

    A backup in which that can't be done, of an older schema for instance, goes as a whole.
    """
    with translated(database.path):
        delete_unfinished(database.path)
        for backup in list_backups(database.path):
            if backup.size > LARGE or not _done(backup, database, erase):
                backup.remove()


def _done(backup: Backup, database: Database, erase: Callable[[Database], None]) -> bool:
    try:
        with closing(Database.open_backup(backup.path, database.key)) as opened:
            erase(opened)
    except DatabaseError:
        return False
    return True
