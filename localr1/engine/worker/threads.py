"""How many threads compute."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from localr1.cores import count_cores
from localr1.engine.worker.others import Others
from localr1.engine.worker.pace import Pace

BYTES_A_THREAD = 32 * 1024 * 1024
"""Weights that make one more thread worth waiting for at every layer."""


class Threads:
    """The threads of a model's context: as many as the user wants, or as are fastest at the moment."""

    def __init__(self, most: int, pace: Pace | None = None) -> None:
        self.most = most
        self._pace = pace
        self._set: Callable[[int, int], None] | None = None
        self._used = (most, most)

    @classmethod
    def choose(cls, wanted: int, size: int) -> Threads:
        """So many as are `wanted`; for 0 as the machine is, and weights of this `size` in bytes need."""
        most = wanted or default_threads(size)
        return cls(most, None if wanted or most == 1 else Pace(most, Others().cores))

    def attach(self, set_threads: Callable[[int, int], None]) -> None:
        """How a context, made with the most of them, is given others: for tokens, and for prompts."""
        self._set = set_threads

    @property
    def known(self) -> dict[int, float]:
        """As `Pace.known`; empty for a number that is fixed."""
        return self._pace.known if self._pace else {}

    def learn(self, known: Mapping[int, float]) -> None:
        """As `Pace.learn`."""
        if self._pace:
            self._pace.learn(known)

    def begin(self) -> None:
        """A prompt begins, or the reply to it."""
        if self._pace:
            self._pace.begin()
            self._use(self._pace)

    def computed(self) -> None:
        """A token was computed by itself."""
        if self._pace and self._pace.token() != self._used[0]:
            self._use(self._pace)

    def disturbed(self) -> None:
        """Something else than a token by itself was computed."""
        if self._pace:
            self._pace.disturb()
            self._use(self._pace)

    def _use(self, pace: Pace) -> None:
        used = (pace.threads, pace.free)
        if used != self._used and self._set:
            self._used = used
            self._set(*used)


def default_threads(size: int) -> int:
    """One for each core, but fewer for a model of so few bytes that they would only wait for each other."""
    return max(1, min(count_cores(), -(-size // BYTES_A_THREAD)))
