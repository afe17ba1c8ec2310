"""What ends a reply of `localr1 ask`, whichever step a signal meets."""

from __future__ import annotations

import asyncio
import signal

import pytest

from localr1.cli.stopper import Stopper


class Reply:
    """Ends when it is stopped, but hears of it only after it has begun."""

    def __init__(self) -> None:
        self.begun = self.stopped = False
        self._ended = asyncio.Event()

    async def stop(self) -> None:
        self.stopped = True
        if self.begun:
            self._ended.set()

    async def come(self) -> None:
        self.begun = True
        await asyncio.wait_for(self._ended.wait(), 10)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
async def test_a_signal_before_the_reply_begins_stops_it_when_it_has_begun(
    number: signal.Signals, code: int
) -> None:
    reply = Reply()
    stopper = Stopper(reply.stop)
    with stopper.watching(None):
        signal.raise_signal(number)
        while not reply.stopped:
            await asyncio.sleep(0)
        await reply.come()
    assert (stopper.exit_code, stopper.stopped) == (code, True)


async def test_a_signal_in_the_last_step_of_a_reply_is_told_and_stops_nothing_behind_it() -> None:
    reply = Reply()
    stopper = Stopper(reply.stop)
    with stopper.watching(None):
        signal.raise_signal(signal.SIGINT)
    for _ in range(3):
        await asyncio.sleep(0)
    assert stopper.exit_code == 130
    assert not reply.stopped


async def test_a_second_signal_is_for_whoever_heard_them_before() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    with Stopper(Reply().stop).watching(None):
        signal.raise_signal(signal.SIGTERM)
        assert heard == []
        signal.raise_signal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]


async def test_a_reply_that_takes_too_long_is_stopped() -> None:
    reply = Reply()
    stopper = Stopper(reply.stop)
    with stopper.watching(0.001):
        await reply.come()
    assert (stopper.timed_out, stopper.exit_code) == (True, 0)
