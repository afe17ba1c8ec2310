"""What is on its way to the terminal, which may read slowly, not at all, or be gone."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Condition, Thread

FAR = 256 * 1024
"""Bytes that wait where a terminal is too far behind to be shown every frame."""
SLICE = 64 * 1024
"""Bytes of the longest write."""


class TerminalOutput:
    """Writes in a thread of its own: a terminal that does not read holds up nothing but itself."""

    def __init__(self, descriptor: int, caught_up: Callable[[], object]) -> None:
        """`caught_up` is called in that thread once all is written after a frame was left out."""
        self._descriptor = descriptor
        self._caught_up = caught_up
        self._waiting = bytearray()
        self._changed = Condition()
        self._left_out = self._ended = False
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Have a text written behind all that waits; returns at once."""
        with self._changed:
            if not self._ended:
                self._waiting += text.encode("utf-8", "replace")
                self._changed.notify()

    def takes_frame(self) -> bool:
        """Whether another frame is worth drawing; one that is not is left out."""
        with self._changed:
            self._left_out = self._left_out or len(self._waiting) > FAR
            return not self._left_out

    def end(self, patience: float) -> None:
        """Let what waits be written, but wait no longer than so many seconds."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join(patience)

    def _run(self) -> None:
        try:
            while part := self._next():
                written = os.write(self._descriptor, part)
                if self._is_caught_up(written):
                    self._caught_up()
        except OSError:  # the terminal is gone, and nobody sees what is drawn from now on
            with self._changed:
                self._ended = True
                self._waiting.clear()

    def _next(self) -> bytes:
        """What is to be written next; empty at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended)
            return bytes(self._waiting[:SLICE])

    def _is_caught_up(self, written: int) -> bool:
        """Take away what was written; whether frames are to be drawn again from now on."""
        with self._changed:
            del self._waiting[:written]
            again = self._left_out and not self._waiting
            self._left_out = self._left_out and not again
            return again
