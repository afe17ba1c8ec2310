"""An engine that starts before a command has imported and read all that it needs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any, TypeVar

from localr1.cli.cancelling import cancelled_by_signals
from localr1.cli.signals import late_signals
from localr1.engine.client import Connect, Engine
from localr1.errors import EngineError
from localr1.loop_thread import end_all
from localr1.paths import Paths

T = TypeVar("T")


class EarlyEngine:
    """An engine, and a loop that runs in pieces: in between, what the worker says waits in its pipe."""

    def __init__(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        self.engine = engine
        self._loop = loop
        self._beside: list[asyncio.Task[Any]] = []

    @classmethod
    @contextmanager
    def started(cls, paths: Paths, connect: Connect) -> Iterator[EarlyEngine]:
        """One whose worker is on its way; it ends with the block."""
        loop = asyncio.new_event_loop()
        resources = AsyncExitStack()
        try:
            early = cls(_run(loop, _start(paths, connect, resources)), loop)
            resources.push_async_callback(early._end_beside)
            yield early
        finally:
            with late_signals():
                loop.run_until_complete(_end(resources))
                loop.close()

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Let a coroutine run beside all that will be run; it is cancelled with the block."""
        task = self._loop.create_task(work)
        self._beside.append(task)
        return task

    async def _end_beside(self) -> None:
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What a coroutine returns or raises; a signal cancels it, and is raised when it has ended."""
        return _run(self._loop, work)


def _run(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    task = loop.create_task(work)
    with cancelled_by_signals(task):
        return loop.run_until_complete(task)


async def _start(paths: Paths, connect: Connect, resources: AsyncExitStack) -> Engine:
    engine = await resources.enter_async_context(
        Engine.start(paths.engine_log, connect=connect, paces=paths.paces_file)
    )
    with suppress(EngineError):  # whoever asks it something will be told
        await engine.begun()
    return engine


async def _end(resources: AsyncExitStack) -> None:
    await resources.aclose()
    await end_all()
    await asyncio.get_running_loop().shutdown_asyncgens()
    await asyncio.get_running_loop().shutdown_default_executor()
