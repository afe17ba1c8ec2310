"""How many guesses are worth their time: measured, as it depends on the model and on the machine.

Some compute sixteen tokens nearly as fast as one, others hardly faster than one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

SIZES = (2, 4, 8, 16)
"""Tokens of a batch: the one that is certain, and guesses."""
MOST = SIZES[-1] - 1
"""Guesses at once."""
LEAST = 1.1
"""By how much guessing has to be faster."""
HOPE = 0.1
"""Share of its time by which a batch is hoped to take longer when it is twice as large, until it is tried."""
RATE, RATE_DOWN = 0.1, 0.5
"""Weight of the newest measurement, and of one of a single token that took less time than before."""
SINGLES, SINGLE_PATIENCE = 3, 32
"""Single tokens that are measured before anything is guessed, and batches until they are measured again."""
BAR_PATIENCE = 16
"""Batches until it is worked out again how likely a guess has to be."""
FIRST_PATIENCE, LAST_PATIENCE = 128, 4096
"""Batches until a size that was not worth it is tried again; doubled each time."""


class Worth(NamedTuple):
    """So many guesses, and how many times as fast they are expected to be."""

    factor: float
    guesses: int


NOTHING = Worth(1.0, 0)


class Choice(Protocol):
    """Says how many guesses to try."""

    def took(self, size: int, seconds: float) -> None:
        """A batch of so many tokens was computed."""

    def worth(self, odds: Iterable[float], seconds: float) -> Worth:
        """What guesses are worth that come true with these odds, and take so many seconds each to make."""


@dataclass(slots=True)
class _Batch:
    """What is known about batches of one size."""

    seconds: float
    measured: int
    """The number of the batch that was measured last."""
    patience: int = FIRST_PATIENCE


class _Single:
    """How long a token takes where nothing is guessed: only one that follows another tells it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._wanted = SINGLES
        """So many more have to be measured before anything is guessed."""
        self._last = self._others = 0
        """Size of the last batch, and how many others were computed since a single one was measured."""

    @property
    def is_known(self) -> bool:
        return self._wanted == 0 and self.seconds > 0

    def took(self, size: int, seconds: float) -> None:
        """Only a shorter time is believed at once: what disturbs a machine makes it longer."""
        if size == self._last == 1:
            rate = RATE if seconds > self.seconds else RATE_DOWN
            self.seconds = self.seconds + rate * (seconds - self.seconds) if self.seconds else seconds
            self._wanted = max(0, self._wanted - 1)
            self._others = 0
        elif size > 1:
            self._others += 1
            self._wanted = SINGLES if self._others == SINGLE_PATIENCE else self._wanted
        self._last = size


class Gain:
    """Chooses what is fastest by what was measured, and tries what is not known."""

    def __init__(self) -> None:
        self._batches: dict[int, _Batch] = {}
        self._single = _Single()
        self._count = 0
        self._bar = 0.0
        """Odds of a first guess below which nothing can be worth it: a quick answer for most tokens."""

    def took(self, size: int, seconds: float) -> None:
        """A batch of so many tokens was computed."""
        self._count += 1
        self._single.took(size, seconds)
        if size > 1:
            self._take(size, seconds)
        if size > 1 or self._count % BAR_PATIENCE == 0:
            self._bar = min(map(self._least_share, SIZES))

    def _take(self, size: int, seconds: float) -> None:
        known = self._batches.get(size)
        if known is None:
            self._batches[size] = _Batch(seconds, self._count)
        elif self._is_stale(known):
            self._batches[size] = _Batch(seconds, self._count, min(2 * known.patience, LAST_PATIENCE))
        else:
            known.seconds += RATE * (seconds - known.seconds)
            known.measured = self._count

    def worth(self, odds: Iterable[float], seconds: float) -> Worth:
        """The count of guesses that brings the most tokens in the same time."""
        if not self._single.is_known:
            return NOTHING
        best, alone = Worth(LEAST, 0), self._single.seconds
        tokens = chance = 1.0
        for guesses, share in enumerate(odds, 1):
            if guesses == 1 and share < self._bar:
                return NOTHING
            chance *= share
            tokens += chance
            if guesses + 1 in SIZES:
                factor = tokens * alone / (self._seconds(guesses + 1, alone) + guesses * seconds)
                best = max(best, Worth(factor, guesses))
        return best if best.guesses else NOTHING

    def _least_share(self, size: int) -> float:
        """Odds of the first guess of a batch that would be worth it if all others were sure."""
        alone = self._single.seconds
        return (LEAST * self._seconds(size, alone) / alone - 1) / (size - 1) if alone else 0.0

    def _seconds(self, size: int, alone: float) -> float:
        """Of a batch: measured, or hoped for by the largest smaller one that was."""
        known = self._batches.get(size)
        if known and not self._is_stale(known):
            return known.seconds
        smaller, seconds = 1, alone
        for other, batch in self._batches.items():
            if smaller < other < size and not self._is_stale(batch):
                smaller, seconds = other, batch.seconds
        return seconds * (1 + HOPE * (size / smaller - 1))

    def _is_stale(self, batch: _Batch) -> bool:
        return self._count - batch.measured > batch.patience


class Always:
    """Tries as many guesses as there are, whatever they cost."""

    def took(self, size: int, seconds: float) -> None:
        """It does not matter."""

    def worth(self, odds: Iterable[float], seconds: float) -> Worth:
        """As many guesses as a batch has room for."""
        guesses = sum(1 for _ in odds)
        return Worth(1.0 + guesses, guesses)
