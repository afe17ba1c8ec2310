"""A backup a day, made by itself in the background while a program uses the database."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread

from localr1.errors import DatabaseError
from localr1.store.backups import backup_path, list_backups, thin_out
from localr1.store.copying import ChangedError, write_copy
from localr1.store.database import Database
from localr1.store.failures import translated
from localr1.store.files import family
from localr1.store.reserve import SIZE
from localr1.store.sealed_key import DatabaseKey

BEGINS_AFTER = 5.0
"""Seconds that a start is left alone."""
_NEXT_LOOK = 3600.0
_NEXT_TRY = 60.0
"""Seconds after which a copy is begun anew that somebody wrote into."""
_PAUSE = 0.01
"""Seconds between two steps of a copy."""
_PATIENCE = 5.0
"""Seconds that the end of a program waits for a step."""


@contextmanager
def backed_up_daily(database: Database, begins_after: float = BEGINS_AFTER) -> Iterator[None]:
    """Look now and then during the block whether a backup is due, and make it.

    What can't be made, on a full disk for instance, is no error; the next look tries again.
    """
    stop = Event()
    look = partial(_back_up_when_due, database.path, database.key, stop)
    thread = Thread(target=_keep_looking, args=(look, stop, begins_after), name="backup", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_PATIENCE)


def due(path: Path, today: str) -> bool:
    """Whether something has changed since the newest backup, and there is none of today."""
    backups = list_backups(path)
    if any(backup.name == today for backup in backups):
        return False
    return not backups or changed_at(path) > max(backup.made_at for backup in backups)


def changed_at(path: Path) -> float:
    """When something was written into a database, in seconds since the epoch; 0 where there is none."""
    database, log, _ = family(path)
    written = [file.stat().st_mtime for file in (database, log) if file.exists() and file.stat().st_size]
    return max(written, default=0.0)


def lacking_room(path: Path) -> int:
    """Bytes that the disk lacks for one more backup; 0 where there is room."""
    needed = sum(file.stat().st_size for file in family(path)[:2] if file.exists()) + SIZE
    return max(needed - shutil.disk_usage(path.parent).free, 0)


def today() -> str:
    """As the backup of this day is named."""
    return time.strftime("%Y-%m-%d")


def _keep_looking(look: Callable[[], bool], stop: Event, wait: float) -> None:
    while not stop.wait(wait):
        wait = _NEXT_LOOK if look() else _NEXT_TRY


def _back_up_when_due(path: Path, key: DatabaseKey | None, stop: Event) -> bool:
    """False where it has to be tried again soon."""
    day = today()
    try:
        with suppress(DatabaseError), translated(path):
            if due(path, day) and not lacking_room(path):
                write_copy(path, backup_path(path, day), key, partial(stop.wait, _PAUSE))
                thin_out(path, day)
    except ChangedError:
        return False
    return True
