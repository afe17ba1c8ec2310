"""The writer of an event loop: it waits for other programs that write, and the loop goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TypeVar

from localr1.errors import BusyError
from localr1.store.driver import BUSY_TIMEOUT
from localr1.store.lock_wait import PAUSE, LockWait

T = TypeVar("T")
_REMARKABLE = 0.5
"""Seconds of waiting about which people wonder."""
FOR_A_REPLY = 60.0
"""Seconds: what a model has said can't be asked for again."""
WAITING = "waiting for the chats: another program is writing"
"""What people are told meanwhile."""


class Writer:
    """Writes as soon as no other program does."""

    def __init__(
        self,
        without_waiting: Callable[[], AbstractContextManager[None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """In a block `without_waiting`, a lock that is in the way raises BusyError at once."""
        self._without_waiting = without_waiting
        self._clock = clock
        self._since: list[float] = []
        """When each write that is waiting began to."""

    @property
    def waiting(self) -> bool:
        """A write has been waiting for so long that it should be said."""
        return bool(self._since) and self._clock() - min(self._since) >= _REMARKABLE

    async def write(self, work: Callable[[], T], seconds: float = BUSY_TIMEOUT) -> T:
        """What `work` returns, which is tried until it is done; raises BusyError after so many seconds.

        Each try must change all or nothing. Cancelled between two of them, nothing is written.
        """
        wait = LockWait(lambda: seconds, self._clock)
        with self._waits():
            while True:
                with wait, self._without_waiting():
                    return work()
                await asyncio.sleep(PAUSE)

    async def erase(self, work: Callable[[], T]) -> T:
        """What `work` returns, in a thread: readers have to be waited for as well, to leave no trace."""
        with self._waits():
            return await asyncio.to_thread(work)

    async def finish(self, work: Callable[[], T]) -> T:
        """The same for what may not be lost: it waits for longer, and goes on when it is cancelled."""
        with suppress(BusyError):
            return await self.write(work, 0)
        writing = asyncio.ensure_future(self.write(work, FOR_A_REPLY))
        cancelled: asyncio.CancelledError | None = None
        while not writing.done():
            try:
                await asyncio.wait([writing])
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled and not writing.cancelled():
            writing.result()
            raise cancelled
        return await writing

    @contextmanager
    def _waits(self) -> Iterator[None]:
        began = self._clock()
        self._since.append(began)
        try:
            yield
        finally:
            self._since.remove(began)
