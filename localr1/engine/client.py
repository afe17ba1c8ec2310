"""The app's side of the engine: one worker at a time, started again when it has died."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec

from localr1.attention import FlashAttention
from localr1.cache_type import CacheType
from localr1.engine.active_request import ActiveRequest
from localr1.engine.child import start_child
from localr1.engine.command import worker_command
from localr1.engine.connection import Connect
from localr1.engine.current_worker import CurrentWorker
from localr1.engine.failure import generation_error
from localr1.engine.loaded_model import LoadedModel
from localr1.engine.model_slot import ModelSlot, Place
from localr1.engine.paces import Paces
from localr1.engine.process import PATIENCE, Patience
from localr1.engine.reports import (
    Counted,
    Done,
    Evaluated,
    Failed,
    Measured,
    ModelInfo,
    Paused,
    Piece,
    Prepared,
    Ready,
    Rendered,
)
from localr1.engine.requests import ChatMessage, Count, Generate, Load, Measure, Prepare, StateFile
from localr1.errors import EngineError, ModelFileError
from localr1.regular_file import file_mark, require_regular

__all__ = ["Connect", "Engine", "Place", "Progress"]

Progress: TypeAlias = Rendered | Evaluated | Piece | Paused | Done


class Engine:
    """Loads models and generates replies, one request at a time."""

    def __init__(
        self, log: Path, connect: Connect, patience: Patience = PATIENCE, paces: Path | None = None
    ) -> None:
        self._worker = CurrentWorker(log, connect, patience)
        self._request = ActiveRequest(lambda: self._worker.process)
        self._slot = ModelSlot(self._worker, self._request)
        self._paces = Paces(paces) if paces else None
        self._preparing = 0

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        log: Path,
        *,
        command: Sequence[str] | None = None,
        patience: Patience = PATIENCE,
        connect: Connect | None = None,
        paces: Path | None = None,
    ) -> AsyncIterator[Engine]:
        """An engine whose worker starts in the background; it ends with the block.

        Workers come from `connect`; without it, each is started by `command`, or else by `worker_command`.
        What they learn of the pace of models is kept in the file of the `paces`, for those that follow.
        """
        engine = cls(log, connect or partial(start_child, command or worker_command(log)), patience, paces)
        try:
            yield engine
        finally:
            await engine.close()

    async def begun(self) -> None:
        """Wait until the worker's process runs, which is before it is ready; raises EngineError."""
        await self._worker.running()

    async def about(self) -> Ready:
        """llama.cpp's version, build and devices."""
        return await (await self._worker.running()).ready()

    @property
    def pid(self) -> int | None:
        """Process id of the worker."""
        return self._worker.pid

    @property
    def load_share(self) -> float | None:
        """Share of a model that is loaded, 0 to 1; None while none is being loaded."""
        return self._slot.load_share

    async def load(
        self,
        path: Path,
        *,
        context: int = 0,
        threads: int = 0,
        gpu_layers: int = -1,
        template: str = "",
        cache_type: CacheType = "f16",
        flash_attention: FlashAttention = "auto",
        draft: Path | None = None,
        place: Place | None = None,
    ) -> ModelInfo:
        """Load a model unless it is loaded already; raises ModelFileError, EngineError or StoppedError.

        One whose file has changed since is loaded again. `template` is Jinja source to use in place of the
        model's own, `draft` a smaller model of the same vocabulary; why it can't be used, the answer tells.
        `place` sees the devices before anything is unloaded, and says how many layers go to a GPU.
        """
        for file in (path, draft) if draft else (path,):
            require_regular(file, ModelFileError)
        wanted = Load(
            id=0,
            path=_spelled(path),
            mark=file_mark(path),
            context=context,
            threads=threads,
            gpu_layers=gpu_layers,
            template=template,
            cache_type=cache_type,
            flash_attention=flash_attention,
            draft=_spelled(draft) if draft else b"",
            draft_mark=file_mark(draft) if draft else (),
        )
        return await self._slot.load(wanted, place)

    async def generate(self, request: Generate) -> AsyncGenerator[Progress, None]:
        """Answer a conversation with the loaded model; closing the generator early cancels the reply.

        After each Paused the reply waits for `go_on`, `drop` or `cancel`. Of several samples each has a
        Done; the last of them comes last.
        Raises ContextError before anything is evaluated, EngineError when the worker dies.
        """
        model = self._slot.model
        if model is None:
            raise EngineError("No model is loaded.", hint="This is a fault in localr1; please report it.")
        request_id = self._request.begin()
        pace = self._paces.of(model.info) if self._paces else {}
        try:
            with model.process.reports(request_id) as reports:
                model.process.send(msgspec.structs.replace(request, id=request_id, pace=pace))
                while True:
                    match await reports.get():
                        case Rendered() | Evaluated() | Piece() | Paused() | Done(last=False) as progress:
                            yield progress
                        case Done() as done:
                            self._slot.worked(model)
                            if self._paces:
                                self._paces.keep(model.info, done.pace)
                            break
                        case Failed() as failed:
                            raise generation_error(failed)
                        case None:
                            done = self._broken_off(model, request_id)
                            break
        finally:
            self._request.end(request_id)
        yield done

    def _broken_off(self, model: LoadedModel, request_id: int) -> Done:
        """The end of a reply that was ended by force; raises EngineError where nobody wanted that."""
        error = self._slot.death(model, request_id, "answering")
        if not self._request.is_cancelled(request_id):
            raise error
        return Done(id=request_id, finish_reason="cancelled")

    def pause(self, sample: int = 0) -> None:
        """Ask for a pause of the running reply; its Paused follows unless it ends first."""
        self._request.pause(sample)

    def go_on(self, insert: str = "", *, pause_at: int = 0, pause_before: str = "", sample: int = 0) -> None:
        """Let the paused reply go on, with some text put into it, up to the next pause."""
        self._request.go_on(insert, pause_at, pause_before, sample)

    def drop(self, sample: int = 0) -> None:
        """End one reply of several, or the only one; its Done follows, and the others go on."""
        self._request.drop(sample)

    async def count(self, text: str) -> int | None:
        """Tokens of a text for the loaded model; None where there is none, or it has something else to do."""
        model = self._idle
        if model is None or model.process.owes(self._preparing):
            return None
        match await model.ask(Count(id=self._request.number(), text=text)):
            case Counted(tokens=tokens):
                return tokens
            case _:
                return None

    async def measure(self, prompt_tokens: int, tokens: int) -> Measured | None:
        """How fast llama.cpp itself computes with the loaded model, on as many threads as it was loaded for.

        None where there is no model, or it has something else to do.
        """
        model = self._idle
        if model is None:
            return None
        request_id = self._request.begin()
        try:
            match await model.ask(Measure(id=request_id, prompt_tokens=prompt_tokens, tokens=tokens)):
                case Measured() as measured:
                    return measured
                case Failed() as failed:
                    raise generation_error(failed)
                case _:
                    raise self._slot.death(model, request_id, "measuring")
        finally:
            self._request.end(request_id)

    async def prepare(
        self, messages: Sequence[ChatMessage], *, evaluate: bool = True, state: StateFile | None = None
    ) -> Prepared | None:
        """Evaluate what every next question of a conversation begins with, until something else is asked for.

        `evaluate` and `state` are as `requests.Prepare` tells. None where no model is loaded, or it has
        something else to do.
        """
        model = self._idle
        if model is None:
            return None
        self._preparing = self._request.number()
        report = await model.ask(
            Prepare(id=self._preparing, messages=tuple(messages), evaluate=evaluate, state=state)
        )
        return report if isinstance(report, Prepared) else None

    async def cancel(self) -> None:
        """End the running load or reply: asked first, then forced; returns at once."""
        self._request.cancel()

    async def close(self) -> None:
        """End the worker."""
        self._request.close()
        await self._worker.close()

    @property
    def _idle(self) -> LoadedModel | None:
        """The model that is loaded, where nobody waits for a load or a reply."""
        return None if self._request.runs else self._slot.model


def _spelled(path: Path) -> bytes:
    """The whole path, as the worker has another directory than we."""
    return os.fsencode(path.absolute())
