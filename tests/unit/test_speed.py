"""How fast a download goes, by a clock that the tests set."""

from __future__ import annotations

import pytest

from localr1.hub.events import Progress
from localr1.hub.speed import INTERVAL, WINDOW, Meter


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def reports(meter: Meter, clock: Clock, *, seconds: float, step: float, rate: float) -> list[Progress]:
    """What is reported while bytes come at a steady rate."""
    made = []
    for _ in range(round(seconds / step)):
        clock.now += step
        meter.received += round(rate * step)
        made.append(meter.progress("a.gguf", meter.received))
    return [report for report in made if report]


def test_ten_reports_a_second_are_enough() -> None:
    clock = Clock()
    made = reports(Meter(10**9, clock), clock, seconds=2, step=0.001, rate=1000)
    assert 2 / INTERVAL * 0.9 <= len(made) <= 2 / INTERVAL + 1


def test_a_whole_model_is_always_reported() -> None:
    meter = Meter(100, Clock())
    assert meter.progress("a.gguf", 10)
    assert not meter.progress("a.gguf", 20)
    assert meter.progress("a.gguf", 100) == Progress("a.gguf", 100, 100, 0.0)
    assert meter.checking("a.gguf", 50, 100) is None
    assert meter.checking("a.gguf", 100, 100)


def test_the_files_of_a_split_model_count_together() -> None:
    meter = Meter(300, Clock())
    meter.finished = 200
    report = meter.progress("b.gguf", 40)
    assert report and (report.done, report.total) == (240, 300)


def test_the_rate_is_that_of_the_last_seconds() -> None:
    clock = Clock()
    meter = Meter(10**9, clock)
    assert reports(meter, clock, seconds=2, step=0.1, rate=1000)[-1].rate == pytest.approx(1000)
    slower = reports(meter, clock, seconds=2 * WINDOW, step=0.1, rate=200)
    assert 200 < slower[0].rate < 1000
    assert slower[-1].rate == pytest.approx(200)


def test_what_lay_there_already_makes_nothing_look_fast() -> None:
    clock = Clock()
    meter = Meter(10**9, clock)
    meter.progress("a.gguf", 900_000_000)
    clock.now += 1
    meter.received += 1000
    report = meter.progress("a.gguf", 900_001_000)
    assert report and report.rate == 1000
    assert report.seconds_left == 99_999


def test_the_time_left_is_not_known_at_once() -> None:
    report = Meter(100, Clock()).progress("a.gguf", 10)
    assert report and report.seconds_left is None
