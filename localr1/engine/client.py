"""The app's side of the engine: one worker at a time, started again when it has died."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec

from localr1.attention import FlashAttention
from localr1.cache_type import CacheType
from localr1.engine.active_request import ActiveRequest
from localr1.engine.child import start_child
from localr1.engine.command import worker_command
from localr1.engine.connection import Connection
from localr1.engine.deaths import Deaths
from localr1.engine.failure import generation_error, load_error, stopped_error
from localr1.engine.paces import Paces
from localr1.engine.process import PATIENCE, Patience, WorkerProcess
from localr1.engine.reports import (
    Counted,
    Device,
    Done,
    Evaluated,
    Failed,
    Loaded,
    LoadProgress,
    Measured,
    ModelInfo,
    Paused,
    Piece,
    Prepared,
    Ready,
    Rendered,
)
from localr1.engine.requests import Cancel, ChatMessage, Count, Generate, Load, Measure, Prepare, StateFile
from localr1.errors import EngineError, ModelFileError, TemplateError
from localr1.paths import make_private_directory
from localr1.regular_file import require_regular

Progress: TypeAlias = Rendered | Evaluated | Piece | Paused | Done
Connect: TypeAlias = Callable[[], Awaitable[Connection]]
"""→ a worker to speak to; raises EngineError."""
Place: TypeAlias = Callable[[Sequence[Device]], int]
"""Devices → layers to put on a GPU; raises LocalR1Error for a model that shall not be loaded."""


class Engine:
    """Loads models and generates replies, one request at a time."""

    def __init__(
        self, log: Path, connect: Connect, patience: Patience = PATIENCE, paces: Path | None = None
    ) -> None:
        self._log = log
        self._connect = connect
        self._patience = patience
        self._paces = Paces(paces) if paces else None
        self._lock = asyncio.Lock()
        self._starting = self._start_worker()
        self._loaded: tuple[Load, ModelInfo] | None = None
        self._deaths = Deaths()
        self._request = ActiveRequest(lambda: self._process)
        self._preparing = 0
        self.load_share: float | None = None
        """Share of a model that is loaded, 0 to 1; None while none is being loaded."""

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
        await self._worker()

    async def about(self) -> Ready:
        """llama.cpp's version, build and devices."""
        return await (await self._worker()).ready()

    @property
    def pid(self) -> int | None:
        """Process id of the worker."""
        process = self._process
        return process.pid if process and process.alive else None

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

        `template` is Jinja source to use in place of the model's own, `draft` a smaller model of the same
        vocabulary; why it can't be used, the answer tells. `place` sees the devices before
        anything is unloaded, and says how many layers go to a GPU.
        """
        for file in (path, draft) if draft else (path,):
            require_regular(file, ModelFileError)
        wanted = Load(
            id=0,
            path=_spelled(path),
            context=context,
            threads=threads,
            gpu_layers=gpu_layers,
            template=template,
            cache_type=cache_type,
            flash_attention=flash_attention,
            draft=_spelled(draft) if draft else b"",
        )
        async with self._lock:
            request_id = self._request.begin()
            try:
                info = await self._load(request_id, path, wanted, place)
            except EngineError:
                if not self._request.is_cancelled(request_id):
                    raise
            finally:
                self.load_share = None
                self._request.end(request_id)
            if self._request.is_cancelled(request_id):  # it had to be ended by force, or was loaded just then
                raise stopped_error(path.name)
            return info

    async def generate(self, request: Generate) -> AsyncGenerator[Progress, None]:
        """Answer a conversation with the loaded model; closing the generator early cancels the reply.

        After each Paused the reply waits for `go_on`, `drop` or `cancel`. Of several samples each has a
        Done; the last of them comes last.
        Raises ContextError before anything is evaluated, EngineError when the worker dies.
        """
        process = self._process
        if process is None or self._loaded is None:
            raise EngineError("No model is loaded.", hint="This is a fault in localr1; please report it.")
        path, info = Path(os.fsdecode(self._loaded[0].path)), self._loaded[1]
        request_id = self._request.begin()
        pace = self._paces.of(info) if self._paces else {}
        try:
            with process.reports(request_id) as reports:
                process.send(msgspec.structs.replace(request, id=request_id, pace=pace))
                while True:
                    match await reports.get():
                        case Rendered() | Evaluated() | Piece() | Paused() | Done(last=False) as progress:
                            yield progress
                        case Done() as done:
                            self._deaths.forget(path)
                            if self._paces:
                                self._paces.keep(info, done.pace)
                            break
                        case Failed() as failed:
                            raise generation_error(failed)
                        case None:
                            error = self._death(process, request_id, path, "answering")
                            if not self._request.is_cancelled(request_id):
                                raise error
                            done = Done(id=request_id, finish_reason="cancelled")  # ended by force
                            break
        finally:
            self._request.end(request_id)
        yield done

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
        process = self._idle
        if process is None or process.owes(self._preparing):
            return None
        request_id = self._request.number()
        with process.reports(request_id) as reports:
            process.send(Count(id=request_id, text=text))
            match await reports.get():
                case Counted(tokens=tokens):
                    return tokens
                case _:
                    return None

    async def measure(self, prompt_tokens: int, tokens: int) -> Measured | None:
        """How fast llama.cpp itself computes with the loaded model, on as many threads as it was loaded for.

        None where there is no model, or it has something else to do.
        """
        process = self._idle
        if process is None or self._loaded is None:
            return None
        request_id = self._request.begin()
        try:
            with process.reports(request_id) as reports:
                process.send(Measure(id=request_id, prompt_tokens=prompt_tokens, tokens=tokens))
                match await reports.get():
                    case Measured() as measured:
                        return measured
                    case Failed() as failed:
                        raise generation_error(failed)
                    case _:
                        path = Path(os.fsdecode(self._loaded[0].path))
                        raise self._death(process, request_id, path, "measuring")
        finally:
            self._request.end(request_id)

    async def prepare(
        self, messages: Sequence[ChatMessage], *, evaluate: bool = True, state: StateFile | None = None
    ) -> Prepared | None:
        """Evaluate what every next question of a conversation begins with, until something else is asked for.

        `evaluate` and `state` are as `protocol.Prepare` tells. None where no model is loaded, or it has
        something else to do.
        """
        process = self._idle
        if process is None:
            return None
        self._preparing = request_id = self._request.number()
        with process.reports(request_id) as reports:
            process.send(Prepare(id=request_id, messages=tuple(messages), evaluate=evaluate, state=state))
            while isinstance(report := await reports.get(), Evaluated):
                pass
        return report if isinstance(report, Prepared) else None

    async def cancel(self) -> None:
        """End the running load or reply: asked first, then forced; returns at once."""
        self._request.cancel()

    async def close(self) -> None:
        """End the worker."""
        self._request.close()
        with suppress(EngineError):  # it never started
            await (await self._starting).close()

    @property
    def _process(self) -> WorkerProcess | None:
        """The last worker that was started, whether it runs or not; None until it is there."""
        done = self._starting.done() and not self._starting.cancelled() and not self._starting.exception()
        return self._starting.result() if done else None

    @property
    def _idle(self) -> WorkerProcess | None:
        """The worker, where it holds a model and nobody waits for a load or a reply."""
        return None if self._loaded is None or self._request.runs else self._process

    def _start_worker(self) -> asyncio.Task[WorkerProcess]:
        with suppress(OSError):  # without a log the engine still runs
            make_private_directory(self._log.parent)
        return asyncio.create_task(self._open_worker())

    async def _open_worker(self) -> WorkerProcess:
        return WorkerProcess(await self._connect(), self._patience)

    async def _worker(self) -> WorkerProcess:
        """The worker, started again when the last one has ended; its start outlives whoever waits for it."""
        if self._starting.done() and self.pid is None:
            self._loaded = None
            self._starting = self._start_worker()
        return await asyncio.shield(self._starting)

    async def _load(self, request_id: int, path: Path, wanted: Load, place: Place | None) -> ModelInfo:
        process = await self._worker()
        if self._loaded and self._loaded[0] == wanted:
            return self._loaded[1]
        self._deaths.refuse_once(path)
        if info := process.take_held(wanted):
            self._loaded = (wanted, info)
            return info
        with process.reports(request_id) as reports:
            devices = (await process.ready()).devices
            layers = place(devices) if place else wanted.gpu_layers
            self._loaded = None
            process.send(msgspec.structs.replace(wanted, id=request_id, gpu_layers=layers))
            if self._request.is_cancelled(request_id):  # while the worker was starting
                process.send(Cancel(id=request_id))
            while True:
                match await reports.get():
                    case Loaded(model=info):
                        self._loaded = (wanted, info)
                        return info
                    case LoadProgress(share=share):
                        self.load_share = share
                    case Failed() as failed:
                        raise load_error(path.name, failed)
                    case None:
                        raise self._death(process, request_id, path, f"loading {path.name}")

    def _death(
        self, process: WorkerProcess, request_id: int, path: Path, doing: str
    ) -> EngineError | TemplateError:
        """The error to raise; a death that a cancel or a template forced is not held against the model."""
        error = process.death(doing)
        if not self._request.is_cancelled(request_id) and isinstance(error, EngineError):
            self._deaths.add(path)
        return error


def _spelled(path: Path) -> bytes:
    """The whole path, as the worker has another directory than we."""
    return os.fsencode(path.absolute())
