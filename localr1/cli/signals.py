"""The signals that end a command, and the exit code that each stands for."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from localr1.errors import StoppedError

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Let a signal raise StoppedError in the block, so that whatever it drew or began is taken back."""
    before = {number: signal.signal(number, _stop) for number in EXIT_CODES}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def cancelled_by_interrupts(task: asyncio.Task[Any]) -> Iterator[None]:
    """Let Ctrl-C cancel a task of a loop that runs in the block, which raises KeyboardInterrupt in its place.

    Raised where it meets the program, it would break off another task, or the loop between two steps of
    one, which would then be waited for without end. Who presses it again gets just that.
    """
    interrupted = False

    def cancel(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        if interrupted:
            raise KeyboardInterrupt
        interrupted = True
        task.get_loop().call_soon_threadsafe(task.cancel)

    before = signal.signal(signal.SIGINT, cancel)
    try:
        yield
    except asyncio.CancelledError:
        if not interrupted:
            raise
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupted:
        raise KeyboardInterrupt


@contextmanager
def cancelled_on_signals(message: str = "Stopped.") -> Iterator[None]:
    """Cancel the task that is in the block when a signal comes; raises StoppedError in its place."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    heard: list[signal.Signals] = []

    def stop(number: signal.Signals) -> None:
        heard.append(number)
        if task:
            task.cancel()

    for number in EXIT_CODES:
        loop.add_signal_handler(number, stop, number)
    try:
        yield
    except asyncio.CancelledError:
        if not heard:
            raise
        raise StoppedError(message, exit_code=EXIT_CODES[heard[0]]) from None
    finally:
        for number in EXIT_CODES:
            loop.remove_signal_handler(number)


def _stop(number: int, frame: FrameType | None) -> None:
    raise StoppedError("Stopped.", exit_code=EXIT_CODES[signal.Signals(number)])
