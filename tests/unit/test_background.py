"""Blocking steps in a thread, taken one by one in a coroutine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from localr1.errors import DownloadError
from localr1.hub.background import AHEAD, in_background
from localr1.hub.stop import Stop

TIMEOUT = 10


async def test_the_steps_come_in_their_order() -> None:
    steps = in_background(lambda stop: iter(range(5 * AHEAD)))
    assert [step async for step in steps] == list(range(5 * AHEAD))


async def test_the_loop_stays_free_while_a_step_blocks() -> None:
    go = threading.Event()

    def steps(stop: Stop) -> Iterator[str]:
        assert go.wait(TIMEOUT)
        yield "done"

    async with aclosing(in_background(steps)) as waiting:
        asyncio.get_running_loop().call_soon(go.set)
        assert await anext(waiting) == "done"


async def test_an_error_arrives_as_it_is_after_the_steps_before_it() -> None:
    error = DownloadError("It is gone.", hint="Look elsewhere.")

    def steps(stop: Stop) -> Iterator[int]:
        yield 1
        raise error

    arrived = []
    with pytest.raises(DownloadError) as caught:
        async for step in in_background(steps):
            arrived.append(step)
    assert caught.value is error
    assert arrived == [1]


async def test_closing_early_ends_the_thread_and_what_it_holds() -> None:
    closed, threads = threading.Event(), []

    def steps(stop: Stop) -> Iterator[int]:
        threads.append(threading.current_thread())
        try:
            while True:
                yield 1
        finally:
            closed.set()

    async with aclosing(in_background(steps)) as endless:
        assert await anext(endless) == 1
    assert closed.is_set()
    threads[0].join(TIMEOUT)
    assert not threads[0].is_alive()


async def test_the_thread_is_never_far_ahead_of_its_reader() -> None:
    made: list[int] = []

    def steps(stop: Stop) -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    async with aclosing(in_background(steps)) as ahead:
        async for number in ahead:
            assert len(made) <= number + AHEAD + 2


async def test_a_blocked_read_is_woken_when_the_reader_is_cancelled() -> None:
    reading, woken, ended = threading.Event(), threading.Event(), threading.Event()

    def steps(stop: Stop) -> Iterator[int]:
        with stop.waking(woken.set):
            reading.set()
            assert woken.wait(TIMEOUT)
        ended.set()
        yield 1

    async def read() -> None:
        async with aclosing(in_background(steps)) as blocked:
            await anext(blocked)

    task = asyncio.ensure_future(read())
    assert await asyncio.to_thread(reading.wait, TIMEOUT)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_a_thread_that_is_deaf_holds_nobody_up() -> None:
    reading, go = threading.Event(), threading.Event()

    def steps(stop: Stop) -> Iterator[int]:
        yield 1
        reading.set()
        go.wait()
        yield 2

    async with aclosing(in_background(steps)) as deaf:
        assert await anext(deaf) == 1
        assert await asyncio.to_thread(reading.wait, TIMEOUT)
    go.set()


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_thread_never_keeps_the_program_or_minds_that_the_loop_is_gone() -> None:
    threads: list[threading.Thread] = []
    go = threading.Event()

    def steps(stop: Stop) -> Iterator[int]:
        threads.append(threading.current_thread())
        yield 1
        go.wait()

    async def leave() -> None:
        async with aclosing(in_background(steps)) as left:
            await anext(left)

    asyncio.run(leave())
    assert threads[0].daemon
    go.set()
    threads[0].join(TIMEOUT)
    assert not threads[0].is_alive()
