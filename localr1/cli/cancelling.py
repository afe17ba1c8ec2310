"""Signals that cancel a task, so that what runs in an event loop ends in good order.

Raised where they meet the program they would break off another task, or the loop between two steps of one,
which would then be waited for without end.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from localr1.cli.signals import EXIT_CODES, handling, interruption
from localr1.errors import StoppedError

T = TypeVar("T")


@contextmanager
def cancelled_by_signals(task: asyncio.Task[Any]) -> Iterator[None]:
    """Let a signal cancel a task of a loop that runs in the block, which raises `interruption` in its place.

    Who sends another one gets just that.
    """
    heard: list[int] = []

    def cancel(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        if len(heard) > 1:
            raise interruption(number)
        task.get_loop().call_soon_threadsafe(task.cancel)

    with handling(cancel):
        try:
            yield
        except asyncio.CancelledError:
            if not heard:
                raise
    if heard:
        raise interruption(heard[0])


@contextmanager
def stopped_by_signals(message: str = "Stopped.") -> Iterator[None]:
    """Let a signal cancel the task that is in the block; raises StoppedError in its place."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    heard: list[signal.Signals] = []
    cancels: list[asyncio.Handle] = []

    def cancel(number: int, frame: FrameType | None) -> None:
        heard.append(signal.Signals(number))
        if task:
            cancels.append(loop.call_soon_threadsafe(task.cancel))

    try:
        with handling(cancel):
            yield
    except asyncio.CancelledError:
        if not heard:
            raise
    finally:
        for each in cancels:
            each.cancel()
    if heard:
        raise StoppedError(message, exit_code=EXIT_CODES[heard[0]])


def run(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns or raises; a signal cancels it, and is a StoppedError when it has ended."""
    return asyncio.run(_stoppable(work))


async def _stoppable(work: Coroutine[Any, Any, T]) -> T:
    with stopped_by_signals():
        return await work
