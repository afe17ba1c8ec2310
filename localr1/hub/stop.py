"""Asks blocking code in another thread to end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from localr1.errors import StoppedError


class Stop:
    """A switch that is set once and never again off; setting it wakes whoever waits for the network."""

    def __init__(self) -> None:
        self._set = threading.Event()
        self._wakes: list[Callable[[], None]] = []
        self._lock = threading.RLock()

    def __bool__(self) -> bool:
        return self._set.is_set()

    def set(self) -> None:
        """From any thread; returns at once."""
        with self._lock:
            if self:
                return
            self._set.set()
            for wake in self._wakes:
                wake()

    def wait(self, seconds: float) -> bool:
        """A pause; True when stopped meanwhile."""
        return self._set.wait(seconds)

    @contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """While the block runs, `set` calls `wake`, which must not block; at once if it is set already."""
        with self._lock:
            self._wakes.append(wake)
            if self:
                wake()
        try:
            yield
        finally:
            with self._lock:
                self._wakes.remove(wake)

    def check(self) -> None:
        """Raises StoppedError when set."""
        if self:
            raise StoppedError("Stopped.")
