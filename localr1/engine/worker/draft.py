"""Guesses by a draft model, whose memory is kept in step with the chat."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

HOPED = 0.8
"""Share of the guesses that come true, as long as it is not known."""
RATE = 0.1
"""Weight of the newest guess."""
FIRST_PATIENCE, LAST_PATIENCE = 64, 4096
"""Batches without its guesses until a draft model is hoped to do better; doubled each time."""
_ONE_BATCH = 2
"""Tokens that a model in step with the chat has to catch up on."""


class Follower(Protocol):
    """A model that evaluates the text of another one's chat."""

    @property
    def context_size(self) -> int: ...
    def has_room(self, tokens: int) -> bool: ...
    def follow(self, text: list[int], known: int) -> int: ...
    def next(self) -> int: ...
    def extend(self, token: int) -> None: ...


class Draft:
    """Follows the chat only when it is asked to guess, so that it costs nothing where it is not worth it."""

    def __init__(
        self,
        model: Follower,
        ends_reply: Callable[[int], bool],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._model = model
        self._ends_reply = ends_reply
        self._clock = clock
        self._text: list[int] = []
        self._known = 0
        """Tokens of the text that the model has evaluated."""
        self._guesses: list[int] = []
        self._share = HOPED
        self._patience, self._waited = FIRST_PATIENCE, 0
        self.seconds = 0.0
        """Time of one guess."""

    def begin(self, prompt: Sequence[int]) -> None:
        """A reply to a prompt begins."""
        self._text = list(prompt)
        self._known = 0
        self._guesses = []

    def add(self, token: int) -> None:
        """The next token of the text."""
        self._text.append(token)
        if self._guesses:
            came_true = self._guesses[0] == token
            self._share += RATE * (came_true - self._share)
            self._guesses = self._guesses[1:] if came_true else []

    def odds(self, most: int) -> Iterator[float]:
        """How likely each of the next guesses is, the ones before it taken as true."""
        self._waited += 1
        share = HOPED if self._waited > self._patience else self._share
        for _ in range(min(most, self._model.context_size - len(self._text))):
            yield share

    def guess(self, count: int) -> list[int]:
        """The next tokens; none beyond where the draft model would end the reply."""
        self._wait_longer()
        if not self._model.has_room(len(self._text) + count):
            return []
        started = self._clock()
        behind = self._model.follow(self._text, self._known)
        self._known = len(self._text)
        if behind > _ONE_BATCH:
            started = self._clock()
        guesses: list[int] = []
        while len(guesses) < count and not self._ends_reply(token := self._model.next()):
            guesses.append(token)
            if len(guesses) < count:
                self._model.extend(token)
        self._take((self._clock() - started) / max(1, len(guesses)))
        self._guesses = guesses
        return guesses

    def _wait_longer(self) -> None:
        """Be more patient the next time, if this guess is made only because the last one is so long ago."""
        if self._waited > self._patience:
            self._share = HOPED
            self._patience = min(2 * self._patience, LAST_PATIENCE)
        self._waited = 0

    def _take(self, seconds: float) -> None:
        self.seconds += RATE * (seconds - self.seconds) if self.seconds else seconds
