"""How the samples of a request end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import msgspec

from localr1.engine.reports import Done
from localr1.engine.worker.sample import Sample
from localr1.engine.worker.threads import Threads


class Endings:
    """Reports the end of each sample."""

    def __init__(
        self, begun: Done, samples: Sequence[Sample], threads: Threads, send: Callable[[Done], None]
    ) -> None:
        """`begun` tells what the prompt cost, which has just been evaluated."""
        self._threads = threads
        self._begun = begun
        self._left = list(samples)
        self._send = send
        self._began = time.monotonic()

    def tell(self, sample: Sample) -> None:
        """This one has ended."""
        self._left.remove(sample)
        done = msgspec.structs.replace(
            self._begun,
            finish_reason=sample.end,
            generated_tokens=sample.tokens,
            drafted_tokens=sample.drafted,
            accepted_tokens=sample.accepted,
            generation_seconds=time.monotonic() - self._began,
            sample=sample.number,
            last=not self._left,
            pace=self._threads.known,
        )
        self._send(done)

    def tell_rest(self) -> None:
        """All have ended by now."""
        for sample in tuple(self._left):
            self.tell(sample)
