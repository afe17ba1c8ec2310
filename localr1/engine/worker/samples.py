"""Several replies to one prompt, drawn together."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing, suppress

from localr1.engine.limits import BATCH
from localr1.engine.worker.batch import Batch
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.cache import AbortedError
from localr1.engine.worker.context import NoMemoryError
from localr1.engine.worker.model import Model
from localr1.engine.worker.orders import Orders
from localr1.engine.worker.sample import Sample

MARGIN = 256
"""Tokens that must be free beside a sample that begins."""
LOOK_SECONDS = 0.5
"""Between two looks at what other programs leave of the machine."""


class Member:
    """A sample with what is evaluated of it, and what will be next."""

    def __init__(self, sample: Sample, moves: Generator[list[int], None, None]) -> None:
        self.sample = sample
        self._moves = moves
        self.evaluated: list[int] = []
        self.next: list[int] = []
        self.sequence = 0
        """Its number in the context's memory; 0 while it has none."""

    def __len__(self) -> int:
        return len(self.evaluated) + len(self.next)

    def advance(self) -> bool:
        """Let it say what comes next; False once it has ended."""
        tokens = next(self._moves, None)
        self.next = tokens or []
        return tokens is not None

    def forget(self) -> None:
        """Nothing of it is evaluated any more."""
        self.evaluated, self.next, self.sequence = [], self.evaluated + self.next, 0


class Samples:
    """Draws them in batches of a token each.

    The prompt is evaluated once, as sequence 0 of the context's memory, and shared by those above it. When
    they outgrow the context it grows, which only sequence 0 outlives; when it can't, the last of them wait
    until others have ended. What they had is evaluated anew then: so each of them may become as long as a
    single reply.
    """

    def __init__(self, model: Model, orders: Orders, prompt_tokens: int) -> None:
        self._model = model
        self._orders = orders
        self._start = prompt_tokens
        self._too_large: NoMemoryError | None = None
        """Why the context grows no more."""
        self._free = list(range(model.sequences - 1, 0, -1))
        self._waiting: deque[Member] = deque()
        self._running: list[Member] = []
        self._looked_at = time.monotonic()

    def run(self, samples: Sequence[Sample], on_end: Callable[[Sample], None]) -> None:
        """Draw until all have ended; `on_end` hears of each that ends by itself or is dropped.

        Those that it has not heard of are cancelled.
        """
        with suppress(AbortedError), closing(Batch()) as batch, ExitStack() as drawn:
            drawn.callback(self._leave)
            for sample in samples:
                member = Member(sample, drawn.enter_context(closing(sample.draw())))
                self._waiting.append(member)
            self._waiting = deque(member for member in self._waiting if self._goes_on(member, on_end))
            while self._waiting or self._running:
                self._begin_waiting()
                self._step(batch)
                self._running = [member for member in self._running if self._goes_on(member, on_end)]

    @property
    def _room(self) -> int:
        """Tokens that all samples together may have."""
        context = self._model.growing
        return (context.size if self._too_large else context.most) - self._start

    @property
    def _lacks_room(self) -> bool:
        return self._used() > self._model.growing.size - self._start

    def _goes_on(self, member: Member, on_end: Callable[[Sample], None]) -> bool:
        goes_on = member.advance()
        if not goes_on:
            self._release(member)
            on_end(member.sample)
        return goes_on

    def _begin_waiting(self) -> None:
        """Begin what waits, as long as there is room for all that it has and for as much again."""
        while self._waiting and self._free:
            member = self._waiting[0]
            if self._running and self._used() + 2 * len(member) + MARGIN > self._room:
                return
            self._begin(self._waiting.popleft())

    def _begin(self, member: Member) -> None:
        member.sequence = self._free.pop()
        llama.llama_memory_seq_cp(self._memory(), 0, member.sequence, -1, -1)
        self._running.append(member)

    def _step(self, batch: Batch) -> None:
        """Evaluate what the samples add, those that are paused left out; wait where all are."""
        self._make_room()
        growing = [member for member in self._running if member.next]
        if not growing:
            self._orders.wait()
            return
        for member in growing:
            self._evaluate_ahead(batch, member)
        for member in growing:
            [token] = member.next
            member.sample.row = batch.add(member.sequence, self._start + len(member.evaluated), token)
        batch.evaluate(self._model.context)
        for member in growing:
            member.evaluated += member.next
        self._look_now_and_then()

    def _make_room(self) -> None:
        """Raises NoMemoryError where not even one has room for what it may become."""
        if self._lacks_room and not self._too_large:
            self._grow()
        while self._lacks_room and len(self._running) > 1:
            self._put_back()
        if self._lacks_room and self._too_large:
            raise self._too_large

    def _grow(self) -> None:
        before = self._model.context
        try:
            self._model.growing.make_room(self._start + self._used())
        except NoMemoryError as error:
            self._too_large = error
        if self._model.context is not before:
            for _ in tuple(self._running):
                self._put_back()
            self._begin_waiting()

    def _put_back(self) -> None:
        member = self._running.pop()
        self._release(member)
        member.forget()
        self._waiting.appendleft(member)

    def _evaluate_ahead(self, batch: Batch, member: Member) -> None:
        """All but the last of its tokens; there are more than one after a pause, and where it begins anew."""
        while len(member.next) > 1:
            tokens = member.next[:-1][:BATCH]
            batch.add_silent(member.sequence, self._start + len(member.evaluated), tokens)
            batch.evaluate(self._model.context)
            member.evaluated += tokens
            del member.next[: len(tokens)]

    def _look_now_and_then(self) -> None:
        """Use as many threads as there are free cores: in a batch they wait for each other all the time."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            self._model.threads.begin()

    def _used(self) -> int:
        return sum(map(len, self._running))

    def _release(self, member: Member) -> None:
        if member.sequence:
            llama.llama_memory_seq_rm(self._memory(), member.sequence, -1, -1)
            self._free.append(member.sequence)

    def _leave(self) -> None:
        """Leave the context's memory as it was before."""
        for member in self._running:
            self._release(member)

    def _memory(self) -> object:
        return llama.llama_get_memory(self._model.context)
