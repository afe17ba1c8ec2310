"""One reply, drawn a token after the other."""

from __future__ import annotations

from contextlib import closing, suppress

from localr1.engine.worker.cache import AbortedError
from localr1.engine.worker.orders import Orders
from localr1.engine.worker.sample import Sample
from localr1.engine.worker.speculation import Speculation


class Drawing:
    """Draws a reply to a prompt that has been evaluated."""

    def __init__(self, sample: Sample, speculation: Speculation, orders: Orders) -> None:
        self._sample = sample
        self._speculation = speculation
        self._orders = orders

    def run(self) -> None:
        """Draw until its end; the sample knows why it ended."""
        sample, speculation = self._sample, self._speculation
        with suppress(AbortedError), closing(sample.draw()) as moves:
            for tokens in moves:
                if tokens:
                    speculation.extend(tokens, sample.room)
                    sample.row = speculation.row
                else:
                    self._orders.wait()
        sample.drafted, sample.accepted = speculation.drafted, speculation.accepted
