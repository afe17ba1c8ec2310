"""Evaluating a prompt, as far as it is not in the cache, in chunks that tell the app how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable

from localr1.engine.limits import BATCH
from localr1.engine.reports import Evaluated
from localr1.engine.worker.cache import AbortedError, Cache
from localr1.engine.worker.orders import Orders
from localr1.engine.worker.past import Past

FIRST_CHUNK = 64
"""Tokens of a prompt's first chunk; its speed sizes the others."""
CHUNK_SECONDS = 0.5
"""Time of one chunk, so that progress is seen on slow machines too."""


class Evaluation:
    """Evaluates what a request begins with, until the app wants its end."""

    def __init__(self, cache: Cache, past: Past, orders: Orders, send: Callable[[Evaluated], None]) -> None:
        self._cache = cache
        self._past = past
        self._orders = orders
        self._send = send

    def evaluate_prompt(self, request_id: int, prompt: list[int]) -> bool:
        """Evaluate a prompt, and keep what another reply begins with; False when it was cancelled."""
        if not self._past.goes_back:
            if not self.evaluate(request_id, prompt[:-1]):
                return False
            self._past.park()
        return self.evaluate(request_id, prompt)

    def evaluate(self, request_id: int, tokens: list[int]) -> bool:
        """Evaluate what is not cached, in chunks of about CHUNK_SECONDS; False when it was cancelled."""
        size = FIRST_CHUNK
        while (done := len(self._cache)) < len(tokens):
            if self._orders.wants_end():
                return False
            started = time.monotonic()
            chunk = tokens[done : done + chunk_size(size, len(tokens) - done)]
            try:
                self._cache.evaluate(chunk)
            except AbortedError:
                return False
            self._send(Evaluated(id=request_id, done=len(self._cache), total=len(tokens)))
            seconds = max(time.monotonic() - started, 1e-6)
            size = max(FIRST_CHUNK, min(BATCH, int(len(chunk) / seconds * CHUNK_SECONDS)))
        return True


def chunk_size(wanted: int, left: int) -> int:
    """Tokens of the next chunk, of as many as are left; none stays for a chunk of its own.

    One that is computed alone comes out a last digit different, so that the speed of the machine would show.
    """
    return wanted - 1 if left == wanted + 1 else wanted
