"""Numbers as plots of characters, and arrivals as speeds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.bench.plot import plot_lines, speeds_of


def test_columns_stand_on_zero_and_the_largest_reaches_the_top() -> None:
    assert plot_lines([16, 8, 4, 0], 2) == ["█   ", "██▄ "]


def test_where_nothing_came_nothing_is_drawn() -> None:
    assert plot_lines([0.0, 0.0], 2) == ["  ", "  "]
    assert plot_lines([], 2) == ["", ""]


@given(st.lists(st.floats(0, 1e9), max_size=80), st.integers(1, 9))
def test_every_line_is_as_wide_as_there_are_values(values: list[float], height: int) -> None:
    lines = plot_lines(values, height)
    assert [len(line) for line in lines] == [len(values)] * height


def test_a_steady_reply_has_the_same_speed_everywhere() -> None:
    arrivals = [(2 * step, step / 10) for step in range(1, 51)]
    assert speeds_of(arrivals, 7) == pytest.approx([20.0] * 7)


def test_a_reply_that_slows_down_is_seen_to() -> None:
    arrivals = [(1, 0.0), (11, 1.0), (21, 3.0)]
    assert speeds_of(arrivals, 2) == pytest.approx([10.0, 5.0])


def test_a_reply_of_one_piece_has_no_speeds() -> None:
    assert speeds_of([(5, 0.0)], 10) == []
    assert speeds_of([], 10) == []


@given(
    st.lists(st.tuples(st.integers(1, 9), st.floats(0.001, 2)), min_size=2, max_size=60), st.integers(1, 70)
)
def test_the_parts_together_take_as_long_as_the_reply(steps: list[tuple[int, float]], columns: int) -> None:
    tokens, now = 0, 0.0
    arrivals = []
    for count, seconds in steps:
        tokens, now = tokens + count, now + seconds
        arrivals.append((tokens, now))
    speeds = speeds_of(arrivals, columns)
    part = (arrivals[-1][0] - arrivals[0][0]) / len(speeds)
    assert sum(part / speed for speed in speeds) == pytest.approx(arrivals[-1][1] - arrivals[0][1])
