"""How often a reply is drawn."""

from __future__ import annotations

from localr1.tui.frames import LONGEST_REST, Frames


class Times:
    """A core and a clock that a test moves."""

    def __init__(self) -> None:
        self.cpu = 0.0
        self.now = 0.0
        self.frames = Frames(lambda: self.cpu, lambda: self.now)

    def draw(self, cpu: float, seconds: float) -> None:
        assert self.frames.due()
        self.frames.begin()
        self.cpu += cpu
        self.now += seconds


def test_a_drawing_takes_no_more_than_a_tenth_of_the_time() -> None:
    times = Times()
    times.draw(cpu=0.02, seconds=0.03)
    assert not times.frames.due()
    times.now = 0.19
    assert not times.frames.due()
    times.now = 0.21
    assert times.frames.due()


def test_time_in_which_other_programs_ran_is_no_cost() -> None:
    times = Times()
    times.draw(cpu=0.0, seconds=0.03)
    assert times.frames.due()


def test_text_that_comes_faster_than_it_is_drawn_shortens_the_rest() -> None:
    times = Times()
    times.draw(cpu=0.02, seconds=0.1)
    assert times.frames.due(hurried=True)
    assert not times.frames.due()


def test_the_longest_drawing_is_followed_by_another_one() -> None:
    times = Times()
    times.draw(cpu=5.0, seconds=LONGEST_REST)
    assert times.frames.due()
