"""The request that runs, and its end when the user wants one: asked first, then forced."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

from localr1.engine.process import WorkerProcess
from localr1.engine.requests import Cancel, GoOn, Pause, Request

TERMINATE_SECONDS = 1.0
"""How long a worker may take to hear a cancel before it is terminated."""
KILL_SECONDS = 0.5
"""How long it may take then before it is killed."""


class ActiveRequest:
    """At most one request runs at a time; each has a number of its own."""

    def __init__(self, process: Callable[[], WorkerProcess | None]) -> None:
        """`process` gives the worker that the request was sent to, None before it has started."""
        self._process = process
        self._ids = itertools.count(1)
        self._active: int | None = None
        self._cancelled: int | None = None
        self._enforcer: asyncio.Task[None] | None = None

    def begin(self) -> int:
        """The number of a new request, which runs from now on."""
        self._active = next(self._ids)
        return self._active

    def number(self) -> int:
        """A number for a request that nobody needs to stop, and only asked while none runs."""
        return next(self._ids)

    @property
    def runs(self) -> bool:
        return self._active is not None

    def end(self, request_id: int) -> None:
        """It does not run any more."""
        if self._active == request_id:
            self._active = None

    def is_cancelled(self, request_id: int) -> bool:
        """Whether the user wanted its end."""
        return self._cancelled == request_id

    def cancel(self) -> None:
        """End the request that runs; returns at once, from within an event loop."""
        if self._active is None or self._cancelled == self._active:
            return
        self._cancelled = self._active
        if process := self._process():
            process.send(Cancel(id=self._active))
        self._enforcer = asyncio.create_task(self._enforce(self._active))

    def pause(self, sample: int) -> None:
        """Ask for a pause of the reply that runs, if one does."""
        self._send(lambda request_id: Pause(request_id, sample))

    def go_on(self, insert: str, pause_at: int, pause_before: str, sample: int) -> None:
        """Let the reply that is paused go on."""
        self._send(lambda request_id: GoOn(request_id, insert, pause_at, pause_before, sample))

    def drop(self, sample: int) -> None:
        """End one reply of several; the others go on."""
        self._send(lambda request_id: Cancel(request_id, sample))

    def close(self) -> None:
        """Force nothing any more."""
        if self._enforcer:
            self._enforcer.cancel()

    def _send(self, order: Callable[[int], Request]) -> None:
        process = self._process()
        if process and self._active is not None:
            process.send(order(self._active))

    async def _enforce(self, request_id: int) -> None:
        """Terminate, then kill, a worker that does not answer to a cancel."""
        for seconds, force in (
            (TERMINATE_SECONDS, WorkerProcess.terminate),
            (KILL_SECONDS, WorkerProcess.kill),
        ):
            await asyncio.sleep(seconds)
            process = self._process()
            if process is None or not process.owes(request_id):
                return
            force(process)
