"""What the worker does with each request."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Protocol

import msgspec

from localr1.engine.calls import Attach
from localr1.engine.protocol import VERSION
from localr1.engine.reports import Counted, Failed, Held, Loaded, LoadProgress, Ready
from localr1.engine.requests import Count, Generate, Load, Measure, Prepare
from localr1.engine.worker import bindings
from localr1.engine.worker.bare_loop import measure
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.cache import AbortedError
from localr1.engine.worker.draft_model import DraftModel
from localr1.engine.worker.errors import LoadFailedError, RequestFailedError
from localr1.engine.worker.generation import Generator
from localr1.engine.worker.holding import Holding
from localr1.engine.worker.model import Model
from localr1.engine.worker.offload import load_with_room
from localr1.engine.worker.orders import Orders
from localr1.engine.worker.pipes import Forget, Outbox, Work

PROGRESS_SECONDS = 0.1
"""Seconds between two reports about loading."""


class Requests(Protocol):
    """Where requests come from."""

    def requests(self) -> Iterator[Attach | Work | Forget]: ...


class Service:
    """Holds at most one model and answers one request at a time."""

    def __init__(self, outbox: Outbox, holding: Holding, open_inbox: Callable[[Orders], Requests]) -> None:
        self._outbox = outbox
        self._flag = bindings.AbortFlag()
        self._orders = Orders(self._flag)
        self._inbox = open_inbox(self._orders)
        self._holding = holding
        self._model: Model | None = None
        self._draft: DraftModel | None = None
        self._generator: Generator | None = None

    def serve(self) -> None:
        """Say to each app what this engine is, then answer its requests, until the process ends."""
        bindings.start_backend()
        self._outbox.start_heartbeat()
        for request in self._inbox.requests():
            match request:
                case Attach():
                    self._outbox.send(self._ready())
                case Forget():
                    self._forget()
                case _:
                    self._try(request)

    def _ready(self) -> Ready:
        return Ready(
            version=VERSION,
            llama_cpp=bindings.version(),
            system_info=bindings.system_info(),
            devices=bindings.devices(),
            backends=bindings.backends(),
            pid=os.getpid(),
            held=self._holding.held,
        )

    def _forget(self) -> None:
        """Keep nothing of what has been evaluated."""
        if self._model:
            llama.llama_memory_clear(llama.llama_get_memory(self._model.context), True)
            self._generator = Generator(self._model, self._orders, self._outbox.send)

    def _try(self, request: Work) -> None:
        try:
            self._answer(request)
        except RequestFailedError as error:
            self._outbox.send(Failed(id=request.id, kind=error.kind, message=str(error)))

    def _answer(self, request: Work) -> None:
        match request:
            case Load():
                self._load(request)
            case Count() if self._flag:
                self._outbox.send(Failed(id=request.id, kind="cancelled", message="counting was stopped"))
            case Count() if self._model:
                tokens = self._model.vocabulary.tokenize(request.text, special=False)
                self._outbox.send(Counted(id=request.id, tokens=len(tokens)))
            case Measure() if self._model:
                self._measure(request, self._model)
            case Generate() if self._generator:
                self._generator.answer(request)
            case Prepare() if self._generator:
                self._generator.prepare(request)
            case _:
                self._outbox.send(Failed(id=request.id, kind="request", message="no model is loaded"))

    def _load(self, request: Load) -> None:
        self._holding.held = None
        self._unload()
        progress = _Progress(request.id, self._outbox)
        wanted = request.gpu_layers if bindings.llama.llama_supports_gpu_offload() else 0

        def load(layers: int) -> Model:
            return Model(msgspec.structs.replace(request, gpu_layers=layers), self._flag, progress)

        model = load_with_room(load, wanted)
        self._model = model
        refused = self._load_draft(request, model) if request.draft else ""
        self._generator = Generator(model, self._orders, self._outbox.send, self._draft)
        info = msgspec.structs.replace(model.info(wanted), draft_refused=refused)
        self._holding.held = Held(request, info)
        self._outbox.send(Loaded(id=request.id, model=info))

    def _load_draft(self, request: Load, model: Model) -> str:
        """Load the draft model; why it can't be used, empty when it can."""
        try:
            self._draft = DraftModel(request, model, self._flag)
        except LoadFailedError as error:
            return str(error)
        return ""

    def _measure(self, request: Measure, model: Model) -> None:
        try:
            self._outbox.send(measure(request, model))
        except AbortedError:
            self._outbox.send(Failed(id=request.id, kind="cancelled", message="measuring was stopped"))

    def _unload(self) -> None:
        self._generator = None
        if self._draft:
            self._draft.close()
            self._draft = None
        if self._model:
            self._model.close()
            self._model = None


class _Progress:
    """Reports how much of a model is loaded, not too often."""

    def __init__(self, request_id: int, outbox: Outbox) -> None:
        self._id = request_id
        self._outbox = outbox
        self._sent_at = time.monotonic()

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now - self._sent_at >= PROGRESS_SECONDS:
            self._sent_at = now
            self._outbox.send(LoadProgress(id=self._id, share=share))
