"""Waiting for a lock that another program holds: how long, and how often it is tried for."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from localr1.errors import BusyError

PAUSE = 0.02
"""Seconds between two tries."""


class LockWait:
    """Each try is a block that may raise BusyError; whoever tries sleeps for a PAUSE after it."""

    def __init__(self, seconds: Callable[[], float], clock: Callable[[], float] = time.monotonic) -> None:
        """For how many `seconds` tries may fail is asked after the first one that does."""
        self._seconds = seconds
        self._clock = clock
        self._began = clock()

    def __enter__(self) -> None:
        """A try begins."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return isinstance(error, BusyError) and self._clock() - self._began < self._seconds()
