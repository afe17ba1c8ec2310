"""States that made room for another one, kept in main memory as long as there is enough of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from localr1.engine.worker.prompt import common_length
from localr1.engine.worker.state import State
from localr1.memory import read_memory

MOST = 256 * 1024 * 1024
"""Bytes of all parked states."""
FREE_SHARE = 4
"""They take no more than one part in so many of the memory that is free."""
WORTH = 16
"""Tokens that make a copy worth its memory: to evaluate them again takes a small machine a second."""


class ParkedStates:
    """Within a limit; the one that was used longest ago goes first."""

    def __init__(self, free: Callable[[], int] = lambda: read_memory().free) -> None:
        self._free = free
        self._states: list[State] = []
        """The one that was used last stands last."""

    def __iter__(self) -> Iterator[State]:
        return iter(self._states)

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(state.size for state in self._states)

    def has_room(self, size: int) -> bool:
        """Whether a state of so many bytes could be kept, perhaps in place of others."""
        return size <= self._limit()

    def holds(self, tokens: list[int]) -> bool:
        """Whether all of these tokens, or nearly, are in one of the states."""
        return any(len(tokens) - common_length(state.tokens, tokens) < WORTH for state in self._states)

    def add(self, state: State, *, alone: bool = False) -> None:
        """Keep a state; those that it nearly holds go, unless each is of use `alone`."""
        self._states = [
            old
            for old in self._states
            if old.tokens != state.tokens
            and (alone or len(old.tokens) - common_length(old.tokens, state.tokens) >= WORTH)
        ]
        self._states.append(state)
        limit = self._limit()
        while self._states and self.size > limit:
            del self._states[0]

    def use(self, state: State) -> None:
        """Note that a state is of use; one that has gone meanwhile stays gone."""
        if state in self._states:
            self._states.remove(state)
            self._states.append(state)

    def _limit(self) -> int:
        """What is parked already would be free without it."""
        return min(MOST, (self._free() + self.size) // FREE_SHARE)
