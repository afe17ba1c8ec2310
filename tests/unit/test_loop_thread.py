"""What another thread's loop does for a thread that stops waiting for it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from threading import main_thread

import pytest

from localr1.loop_thread import LoopThread


def interrupt() -> None:
    """Press Ctrl-C."""
    thread = main_thread().ident
    assert thread
    signal.pthread_kill(thread, signal.SIGINT)


async def slow_to_end(told: list[str]) -> AsyncGenerator[int, None]:
    """Interrupts whoever waits for it, and needs some steps to come to its end."""
    try:
        yield 1
        interrupt()
        await asyncio.sleep(60)
    finally:
        for _ in range(10):
            await asyncio.sleep(0)
        told.append("ended")


def test_ctrl_c_is_raised_when_the_work_that_it_cancels_has_ended() -> None:
    told: list[str] = []

    async def work() -> None:
        async for _ in slow_to_end(told):
            pass

    with LoopThread.running() as loop:
        with pytest.raises(KeyboardInterrupt):
            loop.run(work())
        assert told == ["ended"]


def test_ctrl_c_ends_an_iteration_and_leaves_its_generator_closed() -> None:
    told: list[str] = []
    with LoopThread.running() as loop, pytest.raises(KeyboardInterrupt):
        for _ in loop.iterate(slow_to_end(told)):
            pass
    assert told == ["ended"]


def test_once_more_leaves_work_that_does_not_end() -> None:
    async def work() -> None:
        interrupt()
        try:
            await asyncio.sleep(60)
        finally:
            interrupt()
            await asyncio.sleep(60)

    with LoopThread.running() as loop, pytest.raises(KeyboardInterrupt):
        loop.run(work())
