"""An event loop in a thread of its own: it goes on while the main thread waits for the user."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from socket import socket
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundLoop:
    """Runs coroutines for another thread, which alone hears signals and can read a line with readline."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[BackgroundLoop]:
        """A loop that runs during the block."""
        background = cls()
        thread = Thread(target=background._loop.run_forever, name="event loop")
        thread.start()
        try:
            yield background
        finally:
            background.run(_end_all())
            background._loop.call_soon_threadsafe(background._loop.stop)
            thread.join()
            background._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for what a coroutine returns or raises."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(self, function: Callable[[], object], delay: float = 0.0) -> None:
        """Have a function called in the loop, some seconds later perhaps; a signal handler may do this."""
        self._loop.call_soon_threadsafe(self._loop.call_later, delay, function)

    def watch(self, source: socket, function: Callable[[], object]) -> None:
        """Have a function called in the loop whenever there is something to read."""
        self._loop.call_soon_threadsafe(self._loop.add_reader, source, function)

    def unwatch(self, source: socket) -> None:
        """Wait until nobody looks at it any more."""
        self.run(_unwatch(source))


async def _unwatch(source: socket) -> None:
    asyncio.get_running_loop().remove_reader(source)


async def _end_all() -> None:
    """Cancel whatever still runs in the loop, and let it come to its end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
