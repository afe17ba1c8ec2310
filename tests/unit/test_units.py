from __future__ import annotations

import pytest

from localr1.units import size_text, speed_text, time_text, weights_text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.00 kB"),
        (9_994, "9.99 kB"),
        (9_995, "10.0 kB"),
        (99_949, "99.9 kB"),
        (99_950, "100 kB"),
        (812_000_000, "812 MB"),
        (999_499_999, "999 MB"),
        (999_500_000, "1.00 GB"),
        (1_117_320_576, "1.12 GB"),
        (57_900_000_000, "57.9 GB"),
        (1_500_000_000_000, "1.50 TB"),
        (2_000_000_000_000_000, "2000 TB"),
    ],
)
def test_a_size_has_three_digits_and_the_unit_that_fits(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (245, "4 min"),
        (3569, "59 min"),
        (3590, "1 h 0 min"),
        (4800, "1 h 20 min"),
        (400_000, "111 h"),
    ],
)
def test_an_estimated_time_is_rounded_to_what_is_known(seconds: float, text: str) -> None:
    assert time_text(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(2_100_000, "2.10M"), (134_515_008, "135M"), (999_600_000, "1.00B"), (1_777_088_000, "1.78B")],
)
def test_weights_are_counted_in_millions_or_billions(count: int, text: str) -> None:
    assert weights_text(count) == text


@pytest.mark.parametrize(("rate", "words"), [(1.24, "1.2 tok/s"), (31.4, "31 tok/s"), (1312, "1,312 tok/s")])
def test_a_slow_speed_has_a_decimal(rate: float, words: str) -> None:
    assert speed_text(rate) == words
