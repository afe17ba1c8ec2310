"""Backups: whole copies of the database, beside it, from before its schema changed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from localr1.store.driver import connect
from localr1.store.files import new_file
from localr1.store.sealed_key import DatabaseKey


def back_up(path: Path, version: int, key: DatabaseKey | None = None) -> None:
    """Copy what is committed, under a name that tells the schema's version; raises the driver's errors.

    The copy has the key of the database.
    """
    with new_file(path) as new:
        with closing(connect(path, key=key)) as source, closing(connect(new, key=key)) as target:
            source.backup(target)
        new.replace(path.with_name(f"{path.name}.v{version}.bak"))


def list_backups(path: Path) -> list[Path]:
    """The backups of a database, newest first."""
    found = path.parent.glob(f"{path.name}.v*.bak")
    return sorted(found, key=lambda backup: backup.stat().st_mtime, reverse=True)


def delete_backups(path: Path) -> None:
    """Delete every backup: what a user deletes must not live on in one."""
    for backup in list_backups(path):
        backup.unlink(missing_ok=True)
