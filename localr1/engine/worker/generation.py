"""Answering a request: evaluate the prompt, then draw the reply."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from localr1.engine.limits import MIN_REPLY
from localr1.engine.reports import Done, Failed, Prepared, Rendered, Report
from localr1.engine.requests import Generate, Prepare, StateFile
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.cache import Cache
from localr1.engine.worker.draft_model import DraftModel
from localr1.engine.worker.drawing import Drawing
from localr1.engine.worker.endings import Endings
from localr1.engine.worker.evaluation import Evaluation
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
        self._evaluation = Evaluation(self._cache, self._past, orders, send)

    def answer(self, request: Generate) -> None:
        """Send Rendered, Evaluated…, Piece… and Paused…, and Done for each sample; or Failed."""
        model = self._model
        require_grammar(request.grammar, model.vocabulary)
        prompt = self._prompt(request)
        least = min(request.max_tokens or MIN_REPLY, self._least_reply)
        room = model.context_size - len(prompt)
        if room < least:
            self._send(_too_long(request.id, len(prompt), model.context_size - least))
            return
        limit = min(request.max_tokens or room, room)
        pause_at = _pause_at(request, limit)
        whole, begun = self._begin(request, prompt, least, pause_at)
        if whole and not _tell_tokens_apart(model.context, model.vocabulary.size):
            self._send(Failed(id=request.id, kind="weights", message="its weights are damaged"))
            return
        model.threads.begin()  # the time of the prompt says nothing about tokens that come one by one
        samples = [
            Sample(request, model, self._orders, self._send, limit=limit, pause_at=pause_at, number=number)
            for number in range(request.samples)
        ]
        endings = Endings(begun, samples, model.threads, self._send)
        if whole:
            self._draw(request, samples, prompt, endings)
        endings.tell_rest()

    def _begin(self, request: Generate, prompt: list[int], least: int, pause_at: int) -> tuple[bool, Done]:
        """Evaluate the prompt, with room for the `least` reply: whether all of it is, and what it took."""
        started = time.monotonic()
        cached = self._past.recall(prompt, kept=self._kept(request.state))
        self._send(
            Rendered(id=request.id, prompt_tokens=len(prompt), cached_tokens=cached, pause_at=pause_at)
        )
        self._model.threads.learn(request.pace)
        self._model.threads.begin()
        self._cache.reserve(len(prompt) + least)
        whole = self._evaluation.evaluate_prompt(request.id, prompt)
        begun = Done(
            id=request.id,
            finish_reason="cancelled",
            prompt_tokens=len(prompt),
            evaluated_tokens=max(0, len(self._cache) - cached),
            prompt_seconds=time.monotonic() - started,
        )
        return whole, begun

    def _draw(self, request: Generate, samples: list[Sample], prompt: list[int], endings: Endings) -> None:
        """Together, or one after the other where they can't share what is evaluated of the prompt."""
        if len(samples) > 1 and self._model.sequences > 1:
            Samples(self._model, self._orders, len(prompt)).run(samples, endings.tell)
            return
        for sample in samples:
            if sample.number and not self._orders.wants_end(sample.number):
                self._past.recall(prompt)
                if not self._evaluation.evaluate_prompt(request.id, prompt):
                    return
            self._speculation.begin(request.speculate, prompt)
            Drawing(sample, self._speculation, self._orders).run()
            endings.tell(sample)

    def prepare(self, request: Prepare) -> None:
        """Evaluate what the next prompt is known to begin with; send Evaluated… and Prepared."""
        known = self._model.prompts.known_tokens(request.messages)
        room = self._model.context_size - len(known)
        if not known or room < self._least_reply or self._orders.wants_end():
            self._send(Prepared(id=request.id))
            return
        kept = self._kept(request.state)
        cached = self._past.recall(known, leave=0, kept=kept)
        self._model.threads.begin()
        if request.evaluate and self._evaluation.evaluate(request.id, known) and not self._past.goes_back:
            self._past.park()
        if kept:
            kept.keep(self._cache)
        evaluated = max(0, len(self._cache) - cached)
        self._send(Prepared(id=request.id, known_tokens=len(known), evaluated_tokens=evaluated))

    @property
    def _least_reply(self) -> int:
        """Tokens that a prompt has to leave free."""
        return min(MIN_REPLY, self._model.context_size // 2)

    def _prompt(self, request: Generate) -> list[int]:
        prompt = self._model.prompts.tokens(request.messages, request.prefill)
        if not request.prefill:
            return prompt
        reply_at = len(self._model.prompts.tokens(request.messages, ""))
        return as_drawn(prompt, reply_at, self._cache.tokens, self._model.vocabulary.piece)

    def _kept(self, place: StateFile | None) -> SavedState | None:
        return SavedState(place, self._model.terms, self._orders.wants_end) if place else None


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
