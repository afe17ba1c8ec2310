"""One reply while it is drawn: its text, its limit and its pauses."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from localr1.engine.reports import EndReason, Paused, Report
from localr1.engine.requests import Generate, GoOn
from localr1.engine.worker.grammar import GrammarSampler, sampler_of
from localr1.engine.worker.model import Model
from localr1.engine.worker.orders import Orders
from localr1.engine.worker.pieces import INTERVAL, PieceStream
from localr1.engine.worker.sampler import Sampler

PAUSED: list[int] = []
"""What a sample adds while it is paused."""


class Sample:
    """Draws tokens; somebody else evaluates them."""

    def __init__(
        self,
        request: Generate,
        model: Model,
        orders: Orders,
        send: Callable[[Report], None],
        *,
        limit: int,
        pause_at: int,
        number: int,
    ) -> None:
        """It has up to `limit` tokens, and is paused first after `pause_at` of them, or never for 0."""
        self._request = request
        self._model = model
        self._orders = orders
        self._send = send
        self._pieces = PieceStream(request.id, send, number, INTERVAL * request.samples)
        self._limit, self._pause_at = limit, pause_at
        self._pause_before = self._control_token(request.pause_before)
        self._sampler: Sampler | GrammarSampler
        self.number = number
        self.row = -1
        """Where in the batch that was evaluated last its logits are; −1 for the end."""
        self.drafted = self.accepted = 0
        """Tokens that were guessed, and those of them that came true."""
        self.end: EndReason = "cancelled"
        """Why it ended."""

    @property
    def tokens(self) -> int:
        """Tokens of the reply so far."""
        return self._pieces.tokens

    @property
    def room(self) -> int:
        """Tokens until the limit or the next pause, which may be due and wait for the end of a character."""
        return (min(self._limit, self._pause_at) if self._pause_at else self._limit) - self.tokens

    def draw(self) -> Generator[list[int], None, None]:
        """The tokens that the reply goes on with; PAUSED for as long as it is paused.

        Its logits have to be at `row` when more is asked for; the next token is drawn at once, as they are
        gone when others have gone on meanwhile.
        """
        vocabulary, model, orders = self._model.vocabulary, self._model, self._orders
        sampling = sampler_of(self._request, vocabulary, self.number)
        with closing(self._pieces), sampling as self._sampler:
            while not orders.wants_end(self.number):
                if self.tokens >= self._limit:
                    self.end = "length"
                    return
                token = self._sampler.sample(model.context, self.row)
                ends = vocabulary.ends_reply(token) and not self._request.endless
                before = token == self._pause_before and not ends
                if (before or self._is_pause_due()) and (yield from self._pauses(token, ends)):
                    continue
                if ends:
                    self.end = "stop"
                    return
                yield from self._take([token])

    def _pauses(self, token: int, ends: bool) -> Generator[list[int], None, bool]:
        """Pause before this token is taken; whether it is not, as something was put in or the reply ends."""
        while True:
            before = not self._is_pause_due()
            if before and (ends or token != self._pause_before):
                return False
            order = yield from self._pause(before)
            if order is None:
                return True
            if order.insert:
                yield from self._take(self._model.vocabulary.tokenize(order.insert, special=True))
                return True
            if before:
                return False

    def _is_pause_due(self) -> bool:
        due = 0 < self._pause_at <= self.tokens or self._orders.wants_pause(self.number)
        return due and self._pieces.whole

    def _pause(self, before: bool) -> Generator[list[int], None, GoOn | None]:
        """Wait until the app lets the reply go on; None when it does not."""
        self._pieces.flush()
        self._send(Paused(id=self._request.id, tokens=self.tokens, before=before, sample=self.number))
        while not self._orders.wants_end(self.number):
            if order := self._orders.take_go_on(self.number):
                self._pause_at = order.pause_at
                self._pause_before = self._control_token(order.pause_before)
                return order
            yield PAUSED
        return None

    def _take(self, tokens: list[int]) -> Iterator[list[int]]:
        """Make tokens a part of the reply, as many as it may have."""
        taken = tokens[: self._limit - self.tokens]
        for token in taken:
            piece = self._model.vocabulary.piece(token)
            self._sampler.see(piece)
            self._pieces.add(piece)
        if self.tokens < self._limit:
            yield taken

    def _control_token(self, name: str) -> int | None:
        """The token with this name; None for a text of several tokens, which can't be held back whole."""
        match self._model.vocabulary.tokenize(name, special=True):
            case [token]:
                return token
            case _:
                return None
