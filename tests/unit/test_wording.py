"""Numbers and times as people read them."""

from __future__ import annotations

from datetime import datetime

import pytest

from localr1.wording import NAME_LENGTH, duration, model_name, plural, when


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A local time, as `when` shows it."""
    return datetime(year, month, day, hour, minute).astimezone()


NOW = local(2026, 3, 2, 12).timestamp()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "a moment"),
        (1.0, "1.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (125, "2 min 5 s"),
        (3599.6, "1 h 0 min"),
        (3780, "1 h 3 min"),
    ],
)
def test_a_duration_is_as_exact_as_it_matters(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 tokens"), (1, "1 token"), (2048, "2,048 tokens")])
def test_one_thing_is_no_things(count: int, words: str) -> None:
    assert plural(count, "token") == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (local(2026, 3, 2, 9, 5), "09:05"),
        (local(2026, 3, 1, 23, 59), "yesterday 23:59"),
        (local(2026, 2, 7, 9, 5), "7 Feb"),
        (local(2025, 12, 31, 9, 5), "31 Dec 2025"),
    ],
)
def test_a_time_is_as_exact_as_it_is_near(moment: datetime, words: str) -> None:
    assert when(moment.timestamp(), NOW) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nano", "nano"),
        ("/home/me/models/Some-Model.Q4_K_M.gguf", "Some-Model.Q4_K_M"),
        ("x" * 40, "x" * (NAME_LENGTH - 1) + "…"),
        ("a\x1b[31m\nb", "a␛[31m b"),
    ],
)
def test_a_models_name_fits_on_the_status_line(name: str, words: str) -> None:
    assert model_name(name) == words
