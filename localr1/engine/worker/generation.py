"""Answering a request: evaluate the prompt, then draw the reply."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from localr1.engine.limits import BATCH, MIN_REPLY
from localr1.engine.reports import Done, Evaluated, Failed, Prepared, Rendered, Report
from localr1.engine.requests import Generate, Prepare, StateFile
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.cache import AbortedError, Cache
from localr1.engine.worker.draft_model import DraftModel
from localr1.engine.worker.drawing import Drawing
from localr1.engine.worker.endings import Endings
from localr1.engine.worker.grammar import require_grammar
from localr1.engine.worker.model import Model
from localr1.engine.worker.orders import Orders
from localr1.engine.worker.parked import ParkedStates
from localr1.engine.worker.past import Past
from localr1.engine.worker.retold import as_drawn
from localr1.engine.worker.sample import Sample
from localr1.engine.worker.samples import Samples
from localr1.engine.worker.speculation import Speculation
from localr1.engine.worker.state_file import SavedState

FIRST_CHUNK = 64
"""Tokens of a prompt's first chunk; its speed sizes the others."""
CHUNK_SECONDS = 0.5
"""Time of one chunk, so that progress is seen on slow machines too."""
LOOKED_AT = 64
"""Logits that are looked at before a reply is drawn."""


class Generator:
    """Answers requests on one model and keeps what it has evaluated."""

    def __init__(
        self,
        model: Model,
        orders: Orders,
        send: Callable[[Report], None],
        draft: DraftModel | None = None,
    ) -> None:
        self._model = model
        self._orders = orders
        self._send = send
        self._cache = Cache(model.growing)
        self._speculation = Speculation(model, self._cache, draft)
        self._past = Past(self._cache, ParkedStates(), goes_back=model.goes_back)

    def answer(self, request: Generate) -> None:
        """Send Rendered, Evaluated…, Piece… and Paused…, and Done for each sample; or Failed."""
        require_grammar(request.grammar, self._model.vocabulary)
        prompt = self._prompt(request)
        size = self._model.context_size
        room = size - len(prompt)
        reply = min(request.max_tokens or MIN_REPLY, MIN_REPLY, size // 2)
        if room < reply:
            self._send(_too_long(request.id, len(prompt), size - reply))
            return
        started = time.monotonic()
        cached = self._past.recall(prompt, kept=self._kept(request.state))
        limit = min(request.max_tokens or room, room)
        pause_at = _pause_at(request, limit)
        self._send(
            Rendered(id=request.id, prompt_tokens=len(prompt), cached_tokens=cached, pause_at=pause_at)
        )
        self._model.threads.learn(request.pace)
        self._model.threads.begin()
        self._cache.reserve(len(prompt) + reply)
        whole = self._evaluate_prompt(request.id, prompt)
        evaluated = max(0, len(self._cache) - cached)
        evaluated_at = time.monotonic()
        if whole and not _tell_tokens_apart(self._model.context, self._model.vocabulary.size):
            self._send(Failed(id=request.id, kind="weights", message="its weights are damaged"))
            return
        self._model.threads.begin()  # the time of the prompt says nothing about tokens that come one by one
        begun = Done(
            id=request.id,
            finish_reason="cancelled",
            prompt_tokens=len(prompt),
            evaluated_tokens=evaluated,
            prompt_seconds=evaluated_at - started,
        )
        samples = [
            Sample(
                *(request, self._model, self._orders, self._send),
                limit=limit,
                pause_at=pause_at,
                number=number,
            )
            for number in range(request.samples)
        ]
        endings = Endings(begun, samples, self._model.threads, self._send)
        if whole:
            self._draw(request, samples, prompt, endings)
        endings.tell_rest()

    def _draw(self, request: Generate, samples: list[Sample], prompt: list[int], endings: Endings) -> None:
        """Together, or one after the other where they can't share what is evaluated of the prompt."""
        if len(samples) > 1 and self._model.sequences > 1:
            Samples(self._model, self._orders, len(prompt)).run(samples, endings.tell)
            return
        for sample in samples:
            if sample.number and not self._orders.wants_end(sample.number):
                self._past.recall(prompt)
                if not self._evaluate_prompt(request.id, prompt):
                    return
            self._speculation.begin(request.speculate, prompt)
            Drawing(sample, self._speculation, self._orders).run()
            endings.tell(sample)

    def prepare(self, request: Prepare) -> None:
        """Evaluate what the next prompt is known to begin with; send Evaluated… and Prepared."""
        known = self._model.prompts.known_tokens(request.messages)
        size = self._model.context_size
        if not known or len(known) > size - min(MIN_REPLY, size // 2) or self._orders.wants_end():
            self._send(Prepared(id=request.id))
            return
        kept = self._kept(request.state)
        cached = self._past.recall(known, leave=0, kept=kept)
        self._model.threads.begin()
        if request.evaluate and self._evaluate(request.id, known) and not self._past.goes_back:
            self._past.park()
        if kept:
            kept.keep(self._cache)
        evaluated = max(0, len(self._cache) - cached)
        self._send(Prepared(id=request.id, known_tokens=len(known), evaluated_tokens=evaluated))

    def _prompt(self, request: Generate) -> list[int]:
        prompt = self._model.prompts.tokens(request.messages, request.prefill)
        if not request.prefill:
            return prompt
        reply_at = len(self._model.prompts.tokens(request.messages, ""))
        return as_drawn(prompt, reply_at, self._cache.tokens, self._model.vocabulary.piece)

    def _kept(self, place: StateFile | None) -> SavedState | None:
        return SavedState(place, self._model.terms, self._orders.wants_end) if place else None

    def _evaluate_prompt(self, request_id: int, prompt: list[int]) -> bool:
        """Evaluate a prompt, and keep what another reply begins with; False when it was cancelled."""
        if not self._past.goes_back:
            if not self._evaluate(request_id, prompt[:-1]):
                return False
            self._past.park()
        return self._evaluate(request_id, prompt)

    def _evaluate(self, request_id: int, prompt: list[int]) -> bool:
        """Evaluate what is not cached, in chunks of about CHUNK_SECONDS; False when it was cancelled."""
        size = FIRST_CHUNK
        while (done := len(self._cache)) < len(prompt):
            if self._orders.wants_end():
                return False
            started = time.monotonic()
            chunk = prompt[done : done + chunk_size(size, len(prompt) - done)]
            try:
                self._cache.evaluate(chunk)
            except AbortedError:
                return False
            self._send(Evaluated(id=request_id, done=len(self._cache), total=len(prompt)))
            seconds = max(time.monotonic() - started, 1e-6)
            size = max(FIRST_CHUNK, min(BATCH, int(len(chunk) / seconds * CHUNK_SECONDS)))
        return True


def chunk_size(wanted: int, left: int) -> int:
    """Tokens of the next chunk, of as many as are left; none stays for a chunk of its own.

    One that is computed alone comes out a last digit different, so that the speed of the machine would show.
    """
    return wanted - 1 if left == wanted + 1 else wanted


def _pause_at(request: Generate, limit: int) -> int:
    """After how many of at most `limit` tokens the reply is paused; 0 for none."""
    return min(request.pause_at, max(1, int(limit * request.pause_share))) if request.pause_at else 0


def _tell_tokens_apart(context: object, size: int) -> bool:
    """Whether the newest logits are numbers, and not all the same; weights of NaN or zero give others."""
    logits = llama.llama_get_logits_ith(context, -1)
    some = [float(logits[token]) for token in range(0, size, max(1, size // LOOKED_AT))]
    return not any(map(math.isnan, some)) and min(some) < max(some)


def _too_long(request_id: int, prompt_tokens: int, limit: int) -> Failed:
    return Failed(
        id=request_id,
        kind="context",
        fitting=limit / prompt_tokens,
        message=f"The prompt has {prompt_tokens:,} tokens; beside a reply, the context holds {limit:,}.",
    )
