"""Backups: whole copies of the database, beside it, each under a name that says what it is a copy of.

One a day on which something changed; one from before each change of the schema; and what a backup was put in
the place of.
"""

from __future__ import annotations

import re
import stat
import time
from dataclasses import dataclass
from glob import escape
from operator import attrgetter
from pathlib import Path

from localr1.store.files import family

DAYS = 7
"""Days whose backups are kept."""
_REPLACED = "replaced-"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ABANDONED = 3600.0
"""Seconds after which nobody writes an unfinished copy any more."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database as it once was."""

    path: Path
    name: str
    """The day, as in 2026-11-22; v and the version of an older schema; or when it was replaced."""
    made_at: float
    """Seconds since the epoch, UTC."""
    size: int
    """Bytes."""

    @property
    def daily(self) -> bool:
        """One of those that are made by themselves, one a day."""
        return _DAY.fullmatch(self.name) is not None

    @property
    def replaced(self) -> bool:
        """What a backup was put in the place of, which may be damaged."""
        return self.name.startswith(_REPLACED)

    def remove(self) -> None:
        """Delete it, with what a kill may have left beside it."""
        for file in family(self.path):
            file.unlink(missing_ok=True)


def backup_path(path: Path, name: str) -> Path:
    """Where the backup of a database under this name lies."""
    return path.with_name(f"{path.name}.{name}.bak")


def replaced_name(now: float) -> str:
    """The name of what a backup is put in the place of; one that comes later sorts behind it."""
    return _REPLACED + time.strftime("%Y-%m-%dT%H%M%S", time.localtime(now))


def list_backups(path: Path) -> list[Backup]:
    """The backups of a database, newest first; what is no file, or has just gone, is none."""
    looked_at = (_read(path, file) for file in path.parent.glob(f"{escape(path.name)}.*.bak"))
    found = [backup for backup in looked_at if backup]
    return sorted(found, key=lambda backup: (backup.made_at, backup.name), reverse=True)


def newest_backup(path: Path) -> Backup | None:
    """The one to go back to."""
    return next((backup for backup in list_backups(path) if not backup.replaced), None)


def delete_backups(path: Path) -> None:
    """Delete every backup, and what is unfinished of one."""
    for backup in list_backups(path):
        backup.remove()
    delete_unfinished(path)


def delete_unfinished(path: Path) -> None:
    """Delete copies that are being written; whoever does so gives up."""
    for file in unfinished(path):
        file.unlink(missing_ok=True)


def drop_twin(path: Path) -> None:
    """Take away the second name that a database has when the putting back of a backup was killed."""
    for backup in list_backups(path):
        if backup.replaced and backup.path.samefile(path):
            for log, place in zip(family(backup.path)[1:3], family(path)[1:3], strict=True):
                if log.exists():
                    log.replace(place)
            backup.remove()


def thin_out(path: Path, newest: str) -> None:
    """Delete the oldest of those that come by themselves, and what is abandoned of unfinished ones.

    The `newest` stays, even where the clock has jumped back.
    """
    backups = sorted(list_backups(path), key=attrgetter("name"), reverse=True)
    for kind in (attrgetter("daily"), attrgetter("replaced")):
        for backup in [*filter(kind, backups)][DAYS:]:
            if backup.name != newest:
                backup.remove()
    for file in unfinished(path):
        if time.time() - file.stat().st_mtime > _ABANDONED:
            file.unlink(missing_ok=True)


def unfinished(path: Path) -> list[Path]:
    """Copies that are being written, or that a kill has left so."""
    return list(path.parent.glob(f"{escape(path.name)}.*.new*"))


def _read(path: Path, file: Path) -> Backup | None:
    try:
        status = file.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    name = file.name.removeprefix(f"{path.name}.").removesuffix(".bak")
    return Backup(file, name, status.st_mtime, status.st_size)
