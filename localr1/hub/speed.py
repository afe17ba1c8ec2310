"""How fast a download goes, and how often that is told."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from localr1.hub.events import Checking, Progress

WINDOW = 5.0
"""Seconds that the rate is the mean of."""
INTERVAL = 0.1
"""Seconds between two reports."""


class Meter:
    """Counts the bytes of a model's files; reports come at intervals, and the one of a whole model always."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        """Bytes, of all files."""
        self.finished = 0
        """Bytes of the files that are whole."""
        self.received = 0
        """Bytes that came since the beginning, some of them again perhaps."""
        self._clock = clock
        self._reported = float("-inf")
        self._samples: deque[tuple[float, int]] = deque()

    def progress(self, file: str, size: int) -> Progress | None:
        """So many bytes of the file are there; None while the last report is young."""
        if not self._due() and self.finished + size < self.total:
            return None
        return self.progress_now(file, size)

    def progress_now(self, file: str, size: int) -> Progress:
        """The same, whenever the last report was."""
        return Progress(file, self.finished + size, self.total, self._rate())

    def checking(self, file: str, done: int, total: int) -> Checking | None:
        """So many bytes of what lay there have been hashed; None while the last report is young."""
        return Checking(file, done, total) if self._due() or done == total else None

    def _due(self) -> bool:
        now = self._clock()
        if now - self._reported < INTERVAL:
            return False
        self._reported = now
        return True

    def _rate(self) -> float:
        """Bytes a second."""
        now = self._clock()
        self._samples.append((now, self.received))
        while now - self._samples[0][0] > WINDOW:
            self._samples.popleft()
        then, received = self._samples[0]
        return (self.received - received) / (now - then) if now > then else 0.0
