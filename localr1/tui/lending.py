"""The terminal, lent to another program for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from textual.app import App

from localr1.tui.idle import Idle


class Lending:
    """Lends the app's terminal; everything but the drawing goes on meanwhile."""

    def __init__(self, app: App[None], idle: Idle) -> None:
        self._app = app
        self._idle = idle
        self.lent = False
        """Another program has it, and keys are meant for that."""

    @contextmanager
    def lend(self) -> Iterator[None]:
        """Leave the terminal to another program during the block, in which the user is there."""
        with self._app.batch_update(), self._app.suspend():
            self.lent = True
            try:
                yield
            finally:
                self.lent = False
                self._idle.touch()
