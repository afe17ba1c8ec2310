"""Evaluates guesses together with the token before them, so that those that come true cost less.

Every token is still drawn from the model's own logits, by the same sampler and in the same order.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from localr1.engine.worker.bindings import llama
from localr1.engine.worker.cache import Cache
from localr1.engine.worker.draft import Draft
from localr1.engine.worker.draft_model import DraftModel
from localr1.engine.worker.gain import MOST, NOTHING, Always, Choice, Gain
from localr1.engine.worker.lookup import Lookup
from localr1.engine.worker.model import Model
from localr1.engine.worker.odds import Odds
from localr1.sampling import Speculate

_NEWEST = -1
"""llama.cpp's number of the logits that were computed last."""


class Guesser(Protocol):
    """Guesses how a text goes on."""

    @property
    def seconds(self) -> float:
        """Time of one guess."""

    def add(self, token: int) -> None:
        """The next token of the text."""

    def odds(self, most: int) -> Iterator[float]:
        """How likely each of the next guesses is, the ones before it taken as true."""

    def guess(self, count: int) -> list[int]:
        """The next tokens."""


class Speculation:
    """Takes the tokens of a reply, and evaluates them when they have not been guessed."""

    def __init__(
        self,
        model: Model,
        cache: Cache,
        draft: DraftModel | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._model = model
        self._cache = cache
        self._draft = Draft(draft, model.vocabulary.ends_reply) if draft else None
        self._clock = clock
        self._odds = Odds()
        self._gain = Gain()
        self._choice: Choice = self._gain
        self._guessers: tuple[Guesser, ...] = ()
        self._begin()

    def begin(self, mode: Speculate, prompt: Sequence[int]) -> None:
        """A reply to a prompt that has been evaluated begins."""
        self._begin()
        self._choice = Always() if mode == "always" else self._gain
        able = mode != "off" and self._model.goes_back
        self._guessers = (Lookup(prompt, self._odds),) if able else ()
        if able and self._draft:
            self._draft.begin(prompt)
            self._guessers += (self._draft,)

    def _begin(self) -> None:
        self.drafted = self.accepted = 0
        """Tokens of the reply that were guessed, and those of them that came true."""
        self._ahead: list[int] = []
        """Guesses that have been evaluated."""
        self.row = _NEWEST
        """Where the logits are that the next token is drawn from."""

    def extend(self, tokens: list[int], most: int) -> None:
        """Take the next tokens, which at `most` so many can follow without a pause."""
        for guesser in self._guessers:
            for token in tokens:
                guesser.add(token)
        if len(tokens) != 1:
            self._forget()
            self._cache.extend(tokens)
        elif self._ahead[:1] == tokens:
            del self._ahead[0]
            self.row += 1
            self.accepted += 1
            self._model.threads.disturbed()
        else:
            self._forget()
            self._evaluate(tokens, self._guess(min(most - 1, MOST)))

    def _forget(self) -> None:
        """Drop what has been evaluated for guesses that did not come true."""
        if self._ahead:
            self._cache.cut(len(self._cache) - len(self._ahead))
            self._ahead = []
        self.row = _NEWEST

    def _guess(self, most: int) -> list[int]:
        """The guesses that are most worth it."""
        best, by = NOTHING, None
        for guesser in self._guessers:
            worth = self._choice.worth(guesser.odds(most), guesser.seconds)
            if worth > best:
                best, by = worth, guesser
        return by.guess(best.guesses) if by else []

    def _evaluate(self, tokens: list[int], guesses: list[int]) -> None:
        """Compute the logits after a token, and after each of the guesses that follow it."""
        threads = self._model.threads
        started = self._clock()
        if guesses:
            self._cache.evaluate_each(tokens + guesses)
            self._ahead, self.row = guesses, 0
            self.drafted += len(guesses)
            threads.disturbed()
        else:
            self._cache.extend(tokens)
            threads.computed()
        if self._guessers:
            llama.llama_synchronize(self._model.context)
            self._choice.took(1 + len(guesses), self._clock() - started)
