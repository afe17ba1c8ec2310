"""A function that may wait for ever, in a thread that the end of the program does not wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from types import TracebackType
from typing import TypeVar

T = TypeVar("T")


async def in_daemon_thread(function: Callable[[], T]) -> T:
    """What it returns or raises; when this is cancelled, the thread is left behind."""
    outcome: Future[T] = Future()
    outcome.set_running_or_notify_cancel()

    def call() -> None:
        with _ErrorsFor(outcome):
            outcome.set_result(function())

    Thread(target=call, name="localr1-reader", daemon=True).start()
    return await asyncio.wrap_future(outcome)


class _ErrorsFor:
    """Hands what a block raises to whoever waits for its outcome."""

    def __init__(self, outcome: Future[T]) -> None:
        self._fail = outcome.set_exception

    def __enter__(self) -> None:
        """Nothing has been raised yet."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error:
            self._fail(error)
        return True
