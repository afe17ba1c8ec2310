"""Stopping what blocks in another thread."""

from __future__ import annotations

import threading

import pytest

from localr1.errors import StoppedError
from localr1.hub.stop import Stop

SOON = 10.0
"""Seconds that nothing here comes near to, unless it hangs."""


def test_a_pause_ends_when_stopped() -> None:
    stop, ended = Stop(), threading.Event()

    def pause() -> None:
        if stop.wait(SOON * 10):
            ended.set()

    threading.Thread(target=pause, daemon=True).start()
    stop.set()
    assert ended.wait(SOON)


def test_a_pause_that_is_not_stopped_says_so() -> None:
    assert not Stop().wait(0)


def test_only_what_is_under_way_is_woken() -> None:
    stop, woken = Stop(), list[str]()
    with stop.waking(lambda: woken.append("over")):
        pass
    with stop.waking(lambda: woken.append("outer")), stop.waking(lambda: woken.append("inner")):
        stop.set()
    assert woken == ["outer", "inner"]


def test_what_begins_after_the_stop_is_woken_at_once() -> None:
    stop, woken = Stop(), list[str]()
    stop.set()
    with stop.waking(lambda: woken.append("late")):
        assert woken == ["late"]


def test_a_stop_stays() -> None:
    stop = Stop()
    stop.check()
    stop.set()
    for _ in range(2):
        with pytest.raises(StoppedError) as stopped:
            stop.check()
        assert stopped.value.exit_code == 130
    assert stop


def test_to_stop_twice_wakes_once() -> None:
    stop, woken = Stop(), list[str]()
    with stop.waking(lambda: woken.append("woken")), stop.waking(stop.set):
        stop.set()
        stop.set()
    assert woken == ["woken"]
