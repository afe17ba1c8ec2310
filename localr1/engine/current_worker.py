"""The worker that is spoken to: started in the background, and again when it has ended and one is needed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from localr1.engine.connection import Connect
from localr1.engine.process import Patience, WorkerProcess
from localr1.errors import EngineError
from localr1.paths import make_private_directory


class CurrentWorker:
    """One worker at a time."""

    def __init__(self, log: Path, connect: Connect, patience: Patience) -> None:
        self._log = log
        self._connect = connect
        self._patience = patience
        self._starting = self._start()

    async def running(self) -> WorkerProcess:
        """One that runs, ready or not; its start outlives whoever waits for it. Raises EngineError."""
        if self._starting.done() and self.pid is None:
            self._starting = self._start()
        return await asyncio.shield(self._starting)

    @property
    def process(self) -> WorkerProcess | None:
        """The last one that was started, whether it runs or not; None until it is there."""
        done = self._starting.done() and not self._starting.cancelled() and not self._starting.exception()
        return self._starting.result() if done else None

    @property
    def pid(self) -> int | None:
        """Its process id; None while none runs."""
        process = self.process
        return process.pid if process and process.alive else None

    async def close(self) -> None:
        """End it."""
        with suppress(EngineError):  # it never started
            await (await asyncio.shield(self._starting)).close()

    def _start(self) -> asyncio.Task[WorkerProcess]:
        with suppress(OSError):  # without a log the engine still runs
            make_private_directory(self._log.parent)
        return asyncio.create_task(self._open())

    async def _open(self) -> WorkerProcess:
        return WorkerProcess(await self._connect(), self._patience)
