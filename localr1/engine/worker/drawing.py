"""One reply: a token drawn after the other, with pauses in which text may be put in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from localr1.engine.protocol import EndReason, Generate, Paused, Report
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.cache import AbortedError, Cache
from localr1.engine.worker.model import Model
from localr1.engine.worker.orders import Orders
from localr1.engine.worker.pieces import PieceStream
from localr1.engine.worker.sampler import sampler_chain


class Drawing:
    """Draws a reply to a prompt that has been evaluated."""

    def __init__(
        self,
        request: Generate,
        model: Model,
        cache: Cache,
        orders: Orders,
        send: Callable[[Report], None],
    ) -> None:
        self._request = request
        self._model = model
        self._cache = cache
        self._orders = orders
        self._send = send
        self._pieces = PieceStream(request.id, send)
        self._limit = self._pause_at = 0
        self._pause_before = self._control_token(request.pause_before)

    @property
    def tokens(self) -> int:
        """Tokens of the reply so far."""
        return self._pieces.tokens

    def run(self, limit: int, pause_at: int) -> EndReason:
        """Draw up to `limit` tokens; why the reply ended."""
        self._limit, self._pause_at = limit, pause_at
        with closing(self._pieces), sampler_chain(self._request.sampling) as chain:
            try:
                return self._draw(chain)
            except AbortedError:
                return "cancelled"

    def _draw(self, chain: object) -> EndReason:
        vocabulary = self._model.vocabulary
        while not self._orders.wants_end():
            if self._is_pause_due():
                self._pause()
            else:
                token = llama.llama_sampler_sample(chain, self._model.context, -1)
                if vocabulary.ends_reply(token) and not self._request.endless:
                    return "stop"
                if token == self._pause_before and (self._pause(before=True) or self._orders.wants_end()):
                    continue
                self._take([token])
            if self.tokens >= self._limit:
                return "length"
        return "cancelled"

    def _is_pause_due(self) -> bool:
        due = 0 < self._pause_at <= self.tokens or self._orders.wants_pause()
        return due and self._pieces.whole

    def _pause(self, *, before: bool = False) -> bool:
        """Wait until the app lets the reply go on; whether it has put something in."""
        self._pieces.flush()
        self._send(Paused(id=self._request.id, tokens=self.tokens, before=before))
        order = self._orders.wait()
        if order is None:
            return False
        self._pause_at = order.pause_at
        self._pause_before = self._control_token(order.pause_before)
        self._take(self._model.vocabulary.tokenize(order.insert, special=True))
        return bool(order.insert)

    def _take(self, tokens: list[int]) -> None:
        """Make tokens a part of the reply, as many as it may have."""
        taken = tokens[: self._limit - self.tokens]
        for token in taken:
            self._pieces.add(self._model.vocabulary.piece(token))
        if self.tokens < self._limit:
            self._cache.extend(taken)
            self._model.threads.computed()

    def _control_token(self, name: str) -> int | None:
        """The token with this name; None for a text of several tokens, which can't be held back whole."""
        match self._model.vocabulary.tokenize(name, special=True):
            case [token]:
                return token
            case _:
                return None
