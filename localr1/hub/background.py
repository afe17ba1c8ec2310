"""Blocking code for asyncio front ends: it runs in a thread of its own, and its steps arrive one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from threading import Semaphore, Thread
from types import TracebackType
from typing import Generic, TypeVar

from localr1.hub.stop import Stop

AHEAD = 8
"""Steps that the thread may be ahead of whoever reads them."""
PATIENCE = 0.4
"""Seconds that a thread is waited for which was asked to end."""

S = TypeVar("S")
T = TypeVar("T")


async def in_background(steps: Callable[[Stop], Iterator[T]]) -> AsyncGenerator[T, None]:
    """What `steps` yields, as it comes; what it raises is raised here.

    Closing or cancelling this sets the Stop and returns soon: a thread that is deaf to it is left behind, and
    ends with the program at the latest.
    """
    stop, outbox = Stop(), _Outbox[T](asyncio.get_running_loop())
    Thread(target=_run, args=(steps, stop, outbox), name="localr1-hub", daemon=True).start()
    try:
        while not isinstance(step := await outbox.take(), _End):
            yield step
        if step.error:
            raise step.error
    finally:
        stop.set()
        await outbox.close()


def _run(steps: Callable[[Stop], Iterator[T]], stop: Stop, outbox: _Outbox[T]) -> None:
    with outbox:
        for step in steps(stop):
            if not outbox.put(step):
                break


@dataclass(frozen=True, slots=True)
class _End:
    """The thread is through, or an error ended it."""

    error: BaseException | None


class _Outbox(Generic[T]):
    """What a thread has for a coroutine: steps, a few at most, and last how it ended."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._steps: asyncio.Queue[T | _End] = asyncio.Queue()
        self._room = Semaphore(AHEAD)
        self._closed = False
        self._ended = asyncio.Event()

    def __enter__(self) -> None:
        """In the thread: from here on, however it ends will be told."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._send(self._end, _End(error))
        return True

    def put(self, step: T) -> bool:
        """In the thread: hand a step over when there is room; false when nobody wants more."""
        self._room.acquire()
        return not self._closed and self._send(self._steps.put_nowait, step)

    async def take(self) -> T | _End:
        step = await self._steps.get()
        self._room.release()
        return step

    async def close(self) -> None:
        """Take nothing more, and give the thread a moment to end."""
        self._closed = True
        self._room.release()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._ended.wait(), PATIENCE)

    def _end(self, end: _End) -> None:
        self._ended.set()
        self._steps.put_nowait(end)

    def _send(self, receive: Callable[[S], None], value: S) -> bool:
        """Have the loop receive it; false where the loop is gone already."""
        try:
            self._loop.call_soon_threadsafe(receive, value)
        except RuntimeError:
            return False
        return True
