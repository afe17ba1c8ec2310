"""Ctrl-C wherever it meets the program: in another task, twice, too late, and while threads compute."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from typing import Any, TypeVar

import pytest

from localr1.cli.signals import cancelled_by_interrupts
from localr1.loop_thread import end_all

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> T:
    task = loop.create_task(work)
    with cancelled_by_interrupts(task):
        return loop.run_until_complete(asyncio.wait_for(asyncio.shield(task), 10))


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.run_until_complete(end_all())
    loop.close()


def test_another_task_that_it_meets_goes_on(loop: asyncio.AbstractEventLoop) -> None:
    async def interrupt() -> str:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0)
        return "went on"

    async def wait() -> None:
        await asyncio.sleep(10)

    beside = loop.create_task(interrupt())
    with pytest.raises(KeyboardInterrupt):
        run(wait(), loop)
    assert loop.run_until_complete(beside) == "went on"


def test_the_task_ends_what_it_began_before_it_is_raised(loop: asyncio.AbstractEventLoop) -> None:
    told = []

    async def work() -> None:
        try:
            loop.call_soon(signal.raise_signal, signal.SIGINT)
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0)
            told.append("ended")

    with pytest.raises(KeyboardInterrupt):
        run(work(), loop)
    assert told == ["ended"]


def test_once_more_breaks_off_a_task_that_does_not_end(loop: asyncio.AbstractEventLoop) -> None:
    ended = []

    async def work() -> None:
        for _ in range(2):
            loop.call_soon(signal.raise_signal, signal.SIGINT)
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(10)
        ended.append("at last")

    with pytest.raises(KeyboardInterrupt):
        run(work(), loop)
    assert not ended


def test_it_is_not_lost_on_a_task_that_has_just_ended(loop: asyncio.AbstractEventLoop) -> None:
    async def work() -> None:
        loop.call_soon(signal.raise_signal, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run(work(), loop)


def test_a_task_cancelled_by_itself_is_no_interrupt(loop: asyncio.AbstractEventLoop) -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(asyncio.CancelledError):
        run(work(), loop)
    assert signal.getsignal(signal.SIGINT) is before


def test_memory_that_threads_read_outlives_whoever_stops_waiting_for_them() -> None:
    program = """
import signal
from localr1.fit.bandwidth import measure_bandwidth
for tenths in range(1, 11):
    signal.setitimer(signal.ITIMER_REAL, tenths / 50)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        while True:
            measure_bandwidth(2)
    except KeyboardInterrupt:
        pass
print("unharmed")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, b"unharmed\n")
