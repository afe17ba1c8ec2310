"""Backups that a user asks for: today's, or one in a file elsewhere, which has its sealed key beside it."""

from __future__ import annotations

from pathlib import Path

from localr1.store.backups import backup_path
from localr1.store.copying import write_copy
from localr1.store.daily import today
from localr1.store.database import Database
from localr1.store.failures import translated
from localr1.store.files import key_file
from localr1.store.key_file import copy_key


def back_up_now(database: Database) -> Path:
    """Make today's backup, in the place of an earlier one; raises DatabaseError."""
    target = backup_path(database.path, today())
    with translated(database.path):
        return write_copy(database.path, target, database.key)


def back_up_to(database: Database, target: Path) -> Path:
    """Copy a database into a new file, and what opens an encrypted one beside it.

    Raises DatabaseError, with nothing left, where that can't be done.
    """
    with translated(target):
        try:
            if database.key:
                copy_key(database.path, target)
            return write_copy(database.path, target, database.key)
        finally:
            if not target.exists():
                key_file(target).unlink(missing_ok=True)
