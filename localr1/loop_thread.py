"""An event loop in a thread of its own, for callers that have none, or one that must not wait."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from socket import socket
from threading import Thread
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class LoopThread:
    """Runs coroutines for other threads; ends with the program at the latest."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="localr1", daemon=True)
        self._thread.start()

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[LoopThread]:
        """One that runs during the block."""
        thread = cls()
        try:
            yield thread
        finally:
            thread.close()

    @property
    def closed(self) -> bool:
        return self._loop.is_closed()

    @property
    def here(self) -> bool:
        """False in a process that was forked off, as threads are not, and where Python is ending."""
        return self._process == os.getpid() and not sys.is_finalizing()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns or raises; Ctrl-C cancels it, and is raised when it has come to its end.

        Raises ValueError once the thread has ended, RuntimeError in a process that was forked off.
        """
        if self.closed:
            work.close()
            raise ValueError("it is closed")
        if not self.here:
            work.close()
            raise RuntimeError("it was made before this process was forked off; make another one in it")
        return _LoopTask(self._loop, work).result()

    def iterate(self, items: AsyncGenerator[T, None]) -> Iterator[T]:
        """What the generator yields; it is closed when nobody wants more."""
        try:
            while True:
                try:
                    item = self.run(_next(items))
                except StopAsyncIteration:
                    return
                yield item
        finally:
            if self.here and not self.closed:
                self.run(_close(items))

    def call(self, function: Callable[[], object], delay: float = 0.0) -> None:
        """Have a function called in the loop, some seconds later perhaps; a signal handler may do this."""
        self._loop.call_soon_threadsafe(self._loop.call_later, delay, function)

    def watch(self, source: socket, function: Callable[[], object]) -> None:
        """Have a function called in the loop whenever there is something to read."""
        self._loop.call_soon_threadsafe(self._loop.add_reader, source, function)

    def unwatch(self, source: socket) -> None:
        """Wait until nobody looks at it any more."""
        self.run(_unwatch(source))

    def close(self) -> None:
        """Cancel what still runs, let it come to its end, and end the thread."""
        self.run(end_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class _LoopTask(Generic[T]):
    """A task of an event loop, for a thread that waits for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> None:
        self._loop = loop
        self._work = work
        self._task: asyncio.Task[T] | None = None
        self._outcome: Future[T] = Future()

    def result(self) -> T:
        """What it returns or raises; who stops waiting cancels it, and goes when it has come to its end."""
        try:
            self._loop.call_soon_threadsafe(self._begin)
            return self._outcome.result()
        except BaseException:
            if not self._outcome.done():
                self._loop.call_soon_threadsafe(self._cancel)
                wait([self._outcome])
            raise

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._work)
        self._task.add_done_callback(self._end)

    def _cancel(self) -> None:
        if self._task:
            self._task.cancel()
        else:
            self._work.close()
            self._outcome.cancel()

    def _end(self, task: asyncio.Task[T]) -> None:
        if task.cancelled():
            self._outcome.cancel()
            self._outcome.set_running_or_notify_cancel()
        elif error := task.exception():
            self._outcome.set_exception(error)
        else:
            self._outcome.set_result(task.result())


async def _close(items: AsyncGenerator[T, None]) -> None:
    await items.aclose()


async def _next(items: AsyncGenerator[T, None]) -> T:
    return await anext(items)


async def _unwatch(source: socket) -> None:
    asyncio.get_running_loop().remove_reader(source)


async def end_all() -> None:
    """Cancel all other tasks of this loop, and wait until they have come to their end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
