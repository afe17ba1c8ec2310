"""Stops for tests that have no time to wait."""

from __future__ import annotations

from collections.abc import Callable

from localr1.hub.stop import Stop


class Hurried(Stop):
    """Takes note of the pauses and makes none; `meanwhile` happens in the first of them, or another."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None, *, at: int = 1) -> None:
        super().__init__()
        self.pauses: list[float] = []
        self._meanwhile = meanwhile
        self._at = at

    def wait(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        if len(self.pauses) == self._at:
            self._meanwhile()
        return bool(self)


class Stopping(Hurried):
    """Stops at the first pause."""

    def __init__(self) -> None:
        super().__init__(meanwhile=self.set)
