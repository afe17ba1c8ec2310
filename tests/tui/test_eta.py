"""Time left, from the speed so far."""

from __future__ import annotations

import pytest

from localr1.tui.eta import Pace, left_text


def test_the_time_left_follows_from_the_speed_so_far() -> None:
    pace = Pace.begin(0, now=100.0).reach(500, now=110.0)
    assert pace.seconds_left(2_000) == pytest.approx(30.0)
    assert pace.seconds_in_all(2_000) == pytest.approx(40.0)


def test_what_was_done_before_it_began_says_nothing_about_its_speed() -> None:
    pace = Pace.begin(1_000, now=5.0).reach(1_100, now=6.0)
    assert pace.seconds_left(1_300) == pytest.approx(2.0)


def test_the_speed_is_that_of_all_of_it_and_not_of_its_last_piece() -> None:
    pace = Pace.begin(0, now=0.0).reach(100, now=10.0).reach(400, now=20.0)
    assert pace.seconds_left(500) == pytest.approx(5.0)


@pytest.mark.parametrize(("done", "now"), [(0, 0.0), (0, 9.0), (64, 0.0)])
def test_without_a_speed_no_time_is_named(done: int, now: float) -> None:
    pace = Pace.begin(0, now=0.0).reach(done, now=now)
    assert pace.seconds_left(500) is None
    assert pace.seconds_in_all(500) is None


def test_more_than_was_expected_leaves_no_time() -> None:
    assert Pace.begin(0, now=0.0).reach(600, now=1.0).seconds_left(500) == 0.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "1 s left"),
        (6.2, "7 s left"),
        (10.0, "10 s left"),
        (10.1, "15 s left"),
        (38.0, "40 s left"),
        (55.1, "1 min left"),
        (170.0, "3 min left"),
        (4_800.0, "1 h 20 min left"),
    ],
)
def test_a_time_left_is_worded_so_that_it_does_not_flicker(seconds: float, text: str) -> None:
    assert left_text(seconds) == text
