"""Everything that was evaluated and is not forgotten: what the cache holds, and what was parked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from localr1.engine.worker.cache import Cache
from localr1.engine.worker.parked import WORTH, ParkedStates
from localr1.engine.worker.prompt import common_length
from localr1.engine.worker.state import State


class Kept(Protocol):
    """A state on the disk."""

    def tokens(self) -> tuple[int, ...]: ...
    def read(self) -> State | None: ...


class Past:
    """Finds for each prompt what was evaluated of it before.

    The state of a recurrent model can't go back by some tokens: a copy serves it only whole, so it is made
    at the end of each prompt, where another one may go on.
    """

    def __init__(self, cache: Cache, parked: ParkedStates, *, goes_back: bool = True) -> None:
        self._cache = cache
        self._parked = parked
        self.goes_back = goes_back
        """The cache can forget its newest tokens and keep those before them."""

    def recall(self, prompt: list[int], *, leave: int = 1, kept: Kept | None = None) -> int:
        """Have the cache hold as much of a prompt as was ever evaluated; the count of these tokens.

        What is `kept` on the disk is read where it is of more use than what is in memory.

        The last token of a prompt is left to evaluate, as the reply starts from its logits; where none
        follows there is nothing to `leave`.
        """
        wanted = prompt[: len(prompt) - leave]
        best = max(self._parked, key=lambda state: self._serves(state.tokens, wanted), default=None)
        live = self._serves(self._cache.tokens, wanted)
        if len(self._cache) - live >= WORTH:
            self.park()
        if best and self._serves(best.tokens, wanted) > live:
            self._parked.use(best)
            self._cache.restore(best)
            live = self._serves(best.tokens, wanted)
        if kept and len(wanted) - live >= WORTH:
            self._read(kept, wanted, live + WORTH)
        return self._cache.keep_prefix(wanted)

    def park(self) -> None:
        """Keep a copy of what the cache holds, where there is room and none like it."""
        if self.goes_back and self._parked.holds(self._cache.tokens):
            return
        if self._parked.has_room(self._cache.state_size) and (state := self._cache.state()):
            self._parked.add(state, alone=not self.goes_back)

    def _serves(self, tokens: Sequence[int], wanted: Sequence[int]) -> int:
        """How many tokens of a prompt are evaluated by a state with these tokens."""
        common = common_length(tokens, wanted)
        return common if self.goes_back or common == len(tokens) else 0

    def _read(self, kept: Kept, wanted: Sequence[int], least: int) -> None:
        """Take what is on the disk, if it serves at least so many tokens."""
        if self._serves(kept.tokens(), wanted) >= least and (state := kept.read()):
            self._cache.restore(state)
