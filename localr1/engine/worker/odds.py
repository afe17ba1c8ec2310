"""How often guesses come true."""

from __future__ import annotations

FIRST = (0.4, 0.6, 0.8, 0.9)
"""Taken as true for matches of 2, 4, 8 and 16 tokens or more, until it is known better."""
RATE = 0.05
"""Weight of the newest guess."""
_SHORTEST = 2
"""Bits of the length of a shortest match."""


class Odds:
    """The share of matches that came true, by their length; the newest ones count most."""

    def __init__(self) -> None:
        self._shares = list(FIRST)

    def learn(self, length: int, came_true: bool) -> None:
        """What followed a match of so many tokens was expected, or was not."""
        kind = _kind(length)
        self._shares[kind] += RATE * (came_true - self._shares[kind])

    def of(self, length: int) -> float:
        """How likely it is that the token after a match of so many tokens comes again."""
        return self._shares[_kind(length)]


def _kind(length: int) -> int:
    return min(length.bit_length() - _SHORTEST, len(FIRST) - 1)
