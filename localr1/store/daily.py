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

BEGINS_AFTER = 5.0
"""Seconds that a start is left alone."""
_DAY = 86_400.0
_NEXT_LOOK = 3600.0
_NEXT_TRY = 60.0
"""Seconds after which a copy is begun anew that somebody wrote into."""
_PAUSE = 0.01
"""Seconds between two steps of a copy."""
_PATIENCE = 5.0
"""Seconds that the end of a program waits for a step."""
_SMALL = 8 * 2**20
"""Bytes that are copied in a moment."""


@contextmanager
def backed_up_daily(database: Database, begins_after: float = BEGINS_AFTER) -> Iterator[None]:
    """Look now and then during the block whether a backup is due, and make it.

    A small one is made at the end of a block that was too short for a look. What can't be made, on a full
    disk for instance, is no error; the next look tries again.
    """
    backups = _DailyBackups(database, begins_after)
    backups.start()
    try:
        yield
    finally:
        backups.end()


class _DailyBackups(Thread):
    """Makes them as long as it runs."""

    def __init__(self, database: Database, begins_after: float) -> None:
        super().__init__(name="backup", daemon=True)
        self._database = database
        self._wait = begins_after
        self._looked = False
        self._stop_wanted = Event()

    def run(self) -> None:
        while not self._stop_wanted.wait(self._wait):
            self._looked = True
            try:
                self._look(partial(self._stop_wanted.wait, _PAUSE))
                self._wait = _NEXT_LOOK
            except ChangedError:
                self._wait = _NEXT_TRY

    def end(self) -> None:
        """Give up what is being made."""
        self._stop_wanted.set()
        self.join(_PATIENCE)
        if not self._looked:
            self._look()

    def _look(self, give_up: Callable[[], bool] | None = None) -> None:
        """Make a backup if one is due; one that can't be given up only if it is small."""
        path, day = self._database.path, today()
        with suppress(DatabaseError), translated(path):
            small = give_up or path.stat().st_size < _SMALL
            if small and self._holds_messages() and due(path, day) and not lacking_room(path):
                write_copy(path, backup_path(path, day), self._database.key, give_up)
                thin_out(path, day)

    def _holds_messages(self) -> bool:
        return bool(self._database.execute("select 1 from message limit 1"))


def due(path: Path, today: str) -> bool:
    """Whether something has changed since the newest backup, and there is none of today.

    One of a day to come was made while the clock was wrong, and does not count.
    """
    backups = list_backups(path)
    if any(backup.name == today for backup in backups):
        return False
    latest = time.time() + _DAY
    made = [backup.made_at for backup in backups if backup.made_at <= latest]
    return not made or changed_at(path) > max(made)


def changed_at(path: Path) -> float:
    """When something was written into a database, in seconds since the epoch; 0 where there is none."""
    written = [file.stat().st_mtime for file in family(path)[:2] if file.exists() and file.stat().st_size]
    return max(written, default=0.0)


def lacking_room(path: Path) -> int:
    """Bytes that the disk lacks for one more backup; 0 where there is room."""
    needed = sum(file.stat().st_size for file in family(path)[:2] if file.exists()) + SIZE
    return max(needed - shutil.disk_usage(path.parent).free, 0)


def today() -> str:
    """As the backup of this day is named."""
    return time.strftime("%Y-%m-%d")
