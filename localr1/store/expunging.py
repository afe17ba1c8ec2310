"""What is erased from a database leaves its backups as well, which otherwise stay."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

from localr1.errors import DatabaseError
from localr1.store.backups import Backup, delete_unfinished, list_backups
from localr1.store.database import Database
from localr1.store.failures import translated

LARGE = 64 * 2**20
"""Bytes from which on a backup goes as a whole, as it would take long to change."""
PATIENCE = 2.0
"""Seconds after which the backups that are left go as a whole: the user may be waiting."""


def expunge(database: Database, erase: Callable[[Database], None], patience: float = PATIENCE) -> None:
    """Erase something from every backup, before it goes from the database: a kill leaves it nowhere else.

    The newest is the first. One in which that can't be done, of an older schema perhaps, goes as a whole.
    """
    deadline = time.monotonic() + patience
    with translated(database.path):
        delete_unfinished(database.path)
        for backup in list_backups(database.path):
            late = time.monotonic() >= deadline
            if late or backup.size > LARGE or not _done(backup, database, erase):
                backup.remove()


def _done(backup: Backup, database: Database, erase: Callable[[Database], None]) -> bool:
    try:
        with closing(Database.open_backup(backup.path, database.key)) as opened:
            erase(opened)
    except DatabaseError:
        return False
    return True
