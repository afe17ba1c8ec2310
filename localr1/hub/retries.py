"""How long to wait before the next try, and when to give up."""

from __future__ import annotations

TRIES = 5
"""In a row without a new byte."""
LONGEST = 60.0
"""Seconds."""


class Retries:
    """Counts tries that brought nothing; each pause is twice as long as the one before."""

    def __init__(self) -> None:
        self._failures = 0

    def failed(self, *, something_came: bool) -> None:
        """A try has ended too early."""
        self._failures = 0 if something_came else self._failures + 1

    @property
    def exhausted(self) -> bool:
        return self._failures >= TRIES

    def pause(self, asked: float | None = None) -> float:
        """Seconds until the next try; the hub may ask for more."""
        return min(max(2.0 ** max(self._failures - 1, 0), asked or 0.0), LONGEST)
