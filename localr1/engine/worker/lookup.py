"""Guesses from the chat's own text: what followed the last time that the same tokens stood there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from localr1.engine.worker.odds import Odds

PAIR = 2
"""Tokens that have to be the same for a guess."""
LOOKED_BACK = 8
"""Tokens that are compared at most when a place has been found; a match grows from there as it comes true."""
_SHIFT = 32
"""Bits of a token in the key of a pair."""


class Lookup:
    """Finds the newest place with the same last two tokens, in the same time however long the text is.

    It stays at a place for as long as what follows there comes true, and learns at every token how often a
    match of that length does, whether anybody asked for a guess or not.
    """

    seconds = 0.0
    """Time of one guess."""

    def __init__(self, tokens: Sequence[int], odds: Odds) -> None:
        self._tokens = list(tokens)
        self._odds = odds
        self._after = {
            first << _SHIFT | second: place
            for place, (first, second) in enumerate(pairwise(tokens[:-1]), PAIR)
        }
        self._place = self.length = 0
        """Where the next token stands already, and how many tokens before it are the same."""
        self._find()

    def add(self, token: int) -> None:
        """The next token of the text."""
        came_true = self.length > 0 and self._tokens[self._place] == token
        if self.length:
            self._odds.learn(self.length, came_true)
        self._tokens.append(token)
        self._find(same=came_true)

    def odds(self, most: int) -> Iterator[float]:
        """How likely each of the next guesses is, the ones before it taken as true."""
        if self.length:
            for number in range(most):
                yield self._odds.of(self.length + number)

    def guess(self, count: int) -> list[int]:
        """The next tokens; where the place reaches the end of the text, it goes round."""
        period = len(self._tokens) - self._place
        return [self._tokens[self._place + number % period] for number in range(count)] if self.length else []

    def _find(self, *, same: bool = False) -> None:
        """Go on at the `same` place, or find the one for the last pair; then remember where that stands."""
        if len(self._tokens) < PAIR:
            return
        pair = self._tokens[-2] << _SHIFT | self._tokens[-1]
        if same:
            self._place, self.length = self._place + 1, self.length + 1
        elif place := self._after.get(pair):
            self._place, self.length = place, self._common(place)
        else:
            self.length = 0
        self._after[pair] = len(self._tokens)

    def _common(self, place: int) -> int:
        """Tokens before a place that are those at the end of the text; the last pair is."""
        tokens, end, length = self._tokens, len(self._tokens), PAIR
        longest = min(LOOKED_BACK, place)
        while length < longest and tokens[place - length - 1] == tokens[end - length - 1]:
            length += 1
        return length
