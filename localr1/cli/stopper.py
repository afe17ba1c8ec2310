"""What ends a reply before its end: a signal, or the time that it was given."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from types import FrameType

from localr1.cli.signals import EXIT_CODES, handling, insist, relent

AGAIN = 0.1
"""Seconds after which the reply is stopped once more: it may not have begun when the first signal came."""


class Stopper:
    """Ends the reply so that what came so far is saved; a second signal is obeyed at once."""

    def __init__(self, stop: Callable[[], Awaitable[None]]) -> None:
        self.exit_code = 0
        self.timed_out = False
        self._stop_reply = stop
        self._hearing = ExitStack()
        self._order: asyncio.Handle | None = None
        self._stopping: asyncio.Task[None] | None = None

    @property
    def stopped(self) -> bool:
        """Whether the reply was ended from outside."""
        return self.timed_out or self.exit_code != 0

    @contextmanager
    def watching(self, timeout: float | None) -> Iterator[None]:
        """Stop the reply that runs in this block when a signal comes, or after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(timeout, self._give_up) if timeout is not None else None
        try:
            with self._hearing:
                self._hearing.enter_context(handling(partial(self._hear, loop)))
                yield
        finally:
            relent()
            for waiting in (timer, self._order, self._stopping):
                if waiting:
                    waiting.cancel()

    def _hear(self, loop: asyncio.AbstractEventLoop, number: int, frame: FrameType | None) -> None:
        """Leave the next signal to whoever heard them before."""
        self.exit_code = EXIT_CODES[signal.Signals(number)]
        self._hearing.close()
        self._order = loop.call_soon_threadsafe(self._stop)
        insist(number, loop)

    def _give_up(self) -> None:
        self.timed_out = not self.stopped
        self._stop()

    def _stop(self) -> None:
        self._stopping = self._stopping or asyncio.create_task(self._stop_for_sure())

    async def _stop_for_sure(self) -> None:
        while True:
            await self._stop_reply()
            await asyncio.sleep(AGAIN)
