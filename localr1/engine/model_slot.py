"""Room for the model that is asked: loaded unless it is there already, and gone with its worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec

from localr1.engine.active_request import ActiveRequest
from localr1.engine.current_worker import CurrentWorker
from localr1.engine.deaths import Deaths
from localr1.engine.failure import load_error, stopped_error
from localr1.engine.loaded_model import LoadedModel, path_of
from localr1.engine.process import WorkerProcess
from localr1.engine.reports import Device, Failed, Loaded, LoadProgress, ModelInfo
from localr1.engine.requests import Cancel, Load
from localr1.errors import EngineError, TemplateError

Place: TypeAlias = Callable[[Sequence[Device]], int]
"""Devices → layers to put on a GPU; raises LocalR1Error for a model that shall not be loaded."""


class ModelSlot:
    """Holds one model, in whatever worker is the current one."""

    def __init__(self, worker: CurrentWorker, request: ActiveRequest) -> None:
        self._worker = worker
        self._request = request
        self._lock = asyncio.Lock()
        self._loaded: LoadedModel | None = None
        self._deaths = Deaths()
        self.load_share: float | None = None
        """Share of a model that is loaded, 0 to 1; None while none is being loaded."""

    @property
    def model(self) -> LoadedModel | None:
        """The model that is loaded; one whose worker has died stays until the next worker is started."""
        loaded = self._loaded
        return loaded if loaded and loaded.process is self._worker.process else None

    async def load(self, wanted: Load, place: Place | None) -> ModelInfo:
        """Load a model unless it is loaded already; raises ModelFileError, EngineError or StoppedError."""
        async with self._lock:
            request_id = self._request.begin()
            try:
                info = await self._load(request_id, wanted, place)
            except EngineError:
                if not self._request.is_cancelled(request_id):
                    raise
            finally:
                self.load_share = None
                self._request.end(request_id)
            if self._request.is_cancelled(request_id):  # it had to be ended by force, or was loaded just then
                raise stopped_error(path_of(wanted).name)
            return info

    def worked(self, model: LoadedModel) -> None:
        """A reply of it ended well."""
        self._deaths.forget(model.path)

    def death(self, model: LoadedModel, request_id: int, doing: str) -> EngineError | TemplateError:
        """The error to raise when the worker of a model has ended."""
        return self._death(model.process, request_id, model.path, doing)

    async def _load(self, request_id: int, wanted: Load, place: Place | None) -> ModelInfo:
        process = await self._worker.running()
        if self.model and self.model.load == wanted:
            return self.model.info
        self._deaths.refuse_once(path_of(wanted))
        info = process.take_held(wanted) or await self._load_anew(process, request_id, wanted, place)
        self._loaded = LoadedModel(process, wanted, info)
        return info

    async def _load_anew(
        self, process: WorkerProcess, request_id: int, wanted: Load, place: Place | None
    ) -> ModelInfo:
        path = path_of(wanted)
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
        """A death that a cancel or a template forced is not held against the model."""
        error = process.death(doing)
        if not self._request.is_cancelled(request_id) and isinstance(error, EngineError):
            self._deaths.add(path)
        return error
