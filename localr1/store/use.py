"""Who uses a database: any number of programs, or one alone that puts another file in its place.

Known by a lock on the database's directory, which ends with the process that holds it. SQLite's own locks are
on the file, and would not be seen by whoever has opened the next one of that name.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localr1.errors import DatabaseError
from localr1.store.lock_wait import PAUSE


@contextmanager
def used(path: Path, timeout: float) -> Iterator[None]:
    """Use a database beside others; raises DatabaseError while, for `timeout` seconds, one has it alone."""
    with _locked(path, fcntl.LOCK_SH, timeout):
        yield


@contextmanager
def used_alone(path: Path, timeout: float) -> Iterator[None]:
    """Keep all others away; raises DatabaseError while, for `timeout` seconds, somebody uses it."""
    with _locked(path, fcntl.LOCK_EX, timeout):
        yield


@contextmanager
def _locked(path: Path, kind: int, timeout: float) -> Iterator[None]:
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _wait_for(descriptor, kind, path, time.monotonic() + timeout)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, kind: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise DatabaseError(
                    f"{path} is in use by another localr1.",
                    hint="Close it, or wait for it to end, and try again.",
                ) from None
        time.sleep(PAUSE)
