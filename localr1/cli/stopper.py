"""What ends a reply before its end: a signal, or the time that it was given."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeAlias

from localr1.chat.session import ChatSession
from localr1.cli.signals import EXIT_CODES

Handler: TypeAlias = "Callable[[int, FrameType | None], object] | int | None"
"""Of a signal, as Python tells it."""
AGAIN = 0.1
"""Seconds after which the reply is stopped once more: it may not have begun when the first signal came."""


class Stopper:
    """Ends the reply so that what came so far is saved; a second signal is obeyed at once."""

    def __init__(self, session: ChatSession) -> None:
        self.exit_code = 0
        self.timed_out = False
        self._session = session
        self._stopping: asyncio.Task[None] | None = None

    @property
    def stopped(self) -> bool:
        """Whether the reply was ended from outside."""
        return self.timed_out or self.exit_code != 0

    @contextmanager
    def watching(self, timeout: float | None) -> Iterator[None]:
        """Stop the reply that runs in this block when a signal comes, or after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        before = signal.getsignal(signal.SIGINT)
        for number in EXIT_CODES:
            loop.add_signal_handler(number, self._obey, number, before)
        timer = loop.call_later(timeout, self._give_up) if timeout is not None else None
        try:
            yield
        finally:
            _unwatch(before)
            if timer:
                timer.cancel()
            if self._stopping:
                self._stopping.cancel()

    def _obey(self, number: signal.Signals, before: Handler) -> None:
        self.exit_code = EXIT_CODES[number]
        _unwatch(before)
        self._stop()

    def _give_up(self) -> None:
        self.timed_out = not self.stopped
        self._stop()

    def _stop(self) -> None:
        self._stopping = asyncio.create_task(self._stop_for_sure())

    async def _stop_for_sure(self) -> None:
        while True:
            await self._session.stop()
            await asyncio.sleep(AGAIN)


def _unwatch(before: Handler) -> None:
    for number in EXIT_CODES:
        asyncio.get_running_loop().remove_signal_handler(number)
    signal.signal(signal.SIGINT, before)
