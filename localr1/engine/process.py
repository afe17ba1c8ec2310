"""One run of the worker, or our time with one that is kept: what it says, its heartbeat, how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from localr1.engine.connection import Connection
from localr1.engine.failure import AGAIN, death_error
from localr1.engine.held import held_model
from localr1.engine.limits import LINE_LIMIT
from localr1.engine.protocol import VERSION, decode_report, encode
from localr1.engine.repair import repair_advice
from localr1.engine.reports import (
    Counted,
    Done,
    Failed,
    Heartbeat,
    Loaded,
    Measured,
    ModelInfo,
    Prepared,
    Ready,
    Report,
)
from localr1.engine.requests import Cancel, Load, Request
from localr1.errors import ContextError, EngineError, LocalR1Error, TemplateError

END_SECONDS = 2.0
"""Time that a worker may take to end after it has closed its pipe."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a worker may be silent before it is killed, in seconds."""

    start: float = 60.0
    """Until it is ready; the first start of a GPU driver takes several seconds."""
    heartbeat: float = 5.0
    """While somebody waits for it; its heart beats every second."""


PATIENCE = Patience()

Reports: TypeAlias = "asyncio.Queue[Report | None]"
"""What arrives for one request; None means that the worker has ended."""


class WorkerProcess:
    """A running worker."""

    def __init__(self, connection: Connection, patience: Patience = PATIENCE) -> None:
        self._process = connection.process
        self._requests = connection.requests
        self._reports = connection.reports
        self._kept = connection.kept
        self._patience = patience
        self._queues: dict[int, Reports] = {}
        self._ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self._heard = False
        self._left = False
        self._first = connection.ready
        self._cause = ""
        self._reader = asyncio.create_task(self._read())
        self._watcher = asyncio.create_task(self._watch())
        if connection.ready:
            self._deliver(connection.ready)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False once it has ended and all that it said is read."""
        return not self._reader.done()

    async def ready(self) -> Ready:
        """What the worker said of itself when it was up; raises EngineError when it does not come up."""
        try:
            return await asyncio.wait_for(asyncio.shield(self._ready), self._patience.start)
        except asyncio.TimeoutError:
            self.kill()
            raise EngineError(
                f"The engine did not start within {self._patience.start:g} s.",
                hint=f"The machine may be too busy. {AGAIN}",
            ) from None

    def take_held(self, wanted: Load) -> ModelInfo | None:
        """What the worker had loaded before we came, if that is what is wanted; only true until it loads."""
        ready, self._first = self._first, None
        return held_model(ready, wanted) if ready else None

    @contextmanager
    def reports(self, request_id: int) -> Iterator[Reports]:
        """The reports about one request; whoever leaves before the last one gives the request up."""
        queue: Reports = asyncio.Queue()
        self._queues[request_id] = queue
        if not self.alive:
            queue.put_nowait(None)
        try:
            yield queue
        finally:
            if self._queues.pop(request_id, None):
                self.send(Cancel(id=request_id))

    def owes(self, request_id: int) -> bool:
        """Whether somebody still waits for the last report about a request."""
        return request_id in self._queues

    def send(self, request: Request) -> None:
        """Write one request without waiting; a worker that has ended is noticed by its reports."""
        line = encode(request)
        if len(line) > LINE_LIMIT:
            raise ContextError(
                f"The conversation is larger than {LINE_LIMIT // 2**20} MiB.", fitting=LINE_LIMIT / len(line)
            )
        if self.alive and not self._requests.is_closing():
            self._requests.write(line)

    def terminate(self) -> None:
        with suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()

    async def close(self) -> None:
        """End the worker at once, as it holds nothing that is worth waiting for; leave one that is kept."""
        self._watcher.cancel()
        if self._kept:
            self._left = True
            with suppress(OSError):  # it has left before us
                self._requests.write_eof()  # heard even if a forked process has the socket too
            self._requests.transport.abort()  # to close it would wait for a worker that reads nothing
        else:
            self.kill()
        await asyncio.shield(self._reader)  # who is cancelled here may close it again

    def death(self, doing: str) -> EngineError | TemplateError:
        """Why the worker ended, for people; `doing` completes "The engine … while …"."""
        if self._cause:
            return EngineError(f"The engine {self._cause} while {doing}.", hint=AGAIN)
        code = self._process.returncode
        if code is None:
            return EngineError(f"The engine ended while {doing}.", hint=AGAIN)
        return death_error(code, doing)

    async def _read(self) -> None:
        """Hand each report to whom it concerns, until the worker ends."""
        try:
            with suppress(ConnectionError):  # the end of a socket whose other end was killed
                async for line in self._reports:
                    self._heard = True
                    self._deliver(decode_report(line))
        except (msgspec.DecodeError, ValueError):
            self._end("spoke nonsense")
        if not self._left:
            await self._reap()
        for queue in self._queues.values():
            queue.put_nowait(None)
        self._fail_start(self.death("it was starting"))

    async def _reap(self) -> None:
        """Wait for the process to end; one that has closed its pipe and lives on is of no use."""
        try:
            await asyncio.wait_for(asyncio.shield(self._process.wait()), END_SECONDS)
        except asyncio.TimeoutError:
            self._end("closed its pipe")
            await self._process.wait()

    def _deliver(self, report: Report) -> None:
        match report:
            case Heartbeat():
                pass
            case Ready(version=version) if version != VERSION:
                self._end(f"spoke protocol {version} instead of {VERSION}")
            case Ready():
                if not self._ready.done():
                    self._ready.set_result(report)
            case Failed(kind="library"):
                refusal = f"llama.cpp can't be loaded: {report.message}."
                self._fail_start(EngineError(refusal, hint=repair_advice()))
            case Failed(id=0):
                self._end("did not understand a request")
            case Loaded() | Done(last=True) | Failed() | Counted() | Measured() | Prepared():
                if queue := self._queues.pop(report.id, None):
                    queue.put_nowait(report)
            case _:
                if queue := self._queues.get(report.id):
                    queue.put_nowait(report)

    def _fail_start(self, error: LocalR1Error) -> None:
        if not self._ready.done():
            self._ready.set_exception(error)
            self._ready.exception()  # asyncio warns of an exception that nobody looks at

    async def _watch(self) -> None:
        """Kill a worker that shows no sign of life while somebody waits for it."""
        missed = 0
        while missed < self._patience.heartbeat:
            await asyncio.sleep(1.0)
            missed = 0 if self._heard or not self._queues or not self._ready.done() else missed + 1
            self._heard = False
        self._end("stopped responding")

    def _end(self, cause: str) -> None:
        self._cause = self._cause or cause
        self.kill()
