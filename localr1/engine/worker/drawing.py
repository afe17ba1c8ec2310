"""One reply, drawn a token after the other."""

from __future__ import annotations

from contextlib import closing, suppress

from localr1.engine.worker.cache import AbortedError, Cache
from localr1.engine.worker.model import Model
from localr1.engine.worker.orders import Orders
from localr1.engine.worker.sample import Sample


class Drawing:
    """Draws a reply to a prompt that has been evaluated."""

    def __init__(self, sample: Sample, model: Model, cache: Cache, orders: Orders) -> None:
        self._sample = sample
        self._model = model
        self._cache = cache
        self._orders = orders

    def run(self) -> None:
        """Draw until its end; the sample knows why it ended."""
        with suppress(AbortedError), closing(self._sample.draw()) as moves:
            for tokens in moves:
                if tokens:
                    self._cache.extend(tokens)
                    self._model.threads.computed()
                else:
                    self._orders.wait()
