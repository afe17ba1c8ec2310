"""Signals wherever they meet the program: in another task, twice, too late, in a finalizer, at its end."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from threading import Event
from typing import Any, TypeVar

import pytest

from localr1.cli.cancelling import cancelled_by_signals, stopped_by_signals
from localr1.cli.cancelling import run as run_command
from localr1.cli.signals import ended_by_signals, handling, late_signals
from localr1.errors import StoppedError
from localr1.loop_thread import end_all

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> T:
    task = loop.create_task(work)
    with cancelled_by_signals(task):
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


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_other_signals_cancel_as_ctrl_c_does(
    loop: asyncio.AbstractEventLoop, number: signal.Signals, code: int
) -> None:
    async def work() -> None:
        loop.call_soon(signal.raise_signal, number)
        await asyncio.sleep(10)

    with pytest.raises(SystemExit) as raised:
        run(work(), loop)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_command_ends_what_it_began_before_it_is_stopped(number: signal.Signals, code: int) -> None:
    told = []

    async def work() -> None:
        try:
            asyncio.get_running_loop().call_soon(signal.raise_signal, number)
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0)
            told.append("ended")

    with pytest.raises(StoppedError) as raised:
        run_command(work())
    assert raised.value.exit_code == code
    assert told == ["ended"]


async def test_a_signal_in_the_last_step_of_a_block_is_not_lost_and_cancels_nothing_behind_it() -> None:
    with pytest.raises(StoppedError), stopped_by_signals():
        signal.raise_signal(signal.SIGINT)
    await asyncio.sleep(0)


def test_what_nohup_has_us_ignore_stays_ignored() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with handling(lambda number, frame: heard.append(number)):
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGTERM)
    finally:
        ignored = signal.signal(signal.SIGHUP, before)
    assert ignored is signal.SIG_IGN
    assert heard == [signal.SIGTERM]


class Finalized:
    """Python drops what its finalizer raises."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def test_a_signal_that_meets_a_finalizer_comes_once_more() -> None:
    with pytest.raises(KeyboardInterrupt), ended_by_signals():
        Finalized()
        Event().wait(10)
        pytest.fail("it was lost")


def test_ctrl_c_behind_the_end_of_a_command_is_no_traceback() -> None:
    program = """
import atexit, signal, sys
atexit.register(signal.raise_signal, signal.SIGINT)
sys.argv = ["localr1", "--version"]
from localr1.__main__ import run
run()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")


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


def test_an_end_that_is_near_is_waited_for_and_a_third_signal_waits_no_longer() -> None:
    told = []
    with pytest.raises(KeyboardInterrupt), late_signals():
        for _ in range(2):
            signal.raise_signal(signal.SIGINT)
        told.append("ended")
    with pytest.raises(SystemExit), late_signals():
        for _ in range(3):
            signal.raise_signal(signal.SIGTERM)
        told.append("too late")
    assert told == ["ended"]
