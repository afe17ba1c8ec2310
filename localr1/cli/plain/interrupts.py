"""What signals do in the plain chat: they end what is being read, or else the reply that runs."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from localr1.cli.signals import EXIT_CODES, handling


class InterruptionError(Exception):
    """A signal came while the user was asked for a line."""


class Interrupts:
    """Counts Ctrl-C and remembers what ends the program."""

    def __init__(self, stop: Callable[[], None]) -> None:
        """`stop` ends the reply that runs; it is called in a signal handler."""
        self._stop = stop
        self._reading = False
        self._presses = 0
        self.exit_code = 0
        """Of the signal that ends the program."""

    @property
    def quits(self) -> bool:
        """The user has pressed Ctrl-C twice, or the program was told to end."""
        return self._presses > 1 or self.exit_code != 0

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear signals during the block."""
        with handling(self._hear):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Signals raise InterruptionError in the block; its end makes the next Ctrl-C the first one again."""
        self._reading = True
        try:
            yield
        finally:
            self._reading = False
        self._presses = 0

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            self._presses += 1
        else:
            self.exit_code = EXIT_CODES[signal.Signals(number)]
        if self._reading:
            raise InterruptionError
        self._stop()
