"""Texts that go round in circles are told from those that only look alike."""

from __future__ import annotations

import random
from decimal import Decimal, getcontext
from itertools import cycle, islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localr1.chat.loops import WINDOWS, LoopDetector

ROOT = Path(__file__).resolve().parents[2]
LONGEST = WINDOWS[-1] // 4
"""Characters of the longest passage that is found."""


def loops(text: str) -> bool:
    return LoopDetector().feed(text)


def found_at(text: str, sizes: list[int]) -> int | None:
    """Characters after which a text is found to go round, when it comes in pieces of these sizes."""
    detector, position = LoopDetector(), 0
    for size in cycle(sizes):
        if position >= len(text):
            return None
        if detector.feed(text[position : position + size]):
            return position + size
        position += size
    return None


def noise(length: int, seed: int = 1) -> str:
    """Text without any repetition to speak of."""
    return "".join(random.Random(seed).choices("abcdefghijklmnopqrstuvwxyz ,.\n", k=length))


@given(before=st.integers(0, 5000), period=st.integers(1, LONGEST), seed=st.integers(0, 99))
@settings(max_examples=60)
def test_every_passage_that_goes_on_and_on_is_found(before: int, period: int, seed: int) -> None:
    passage = noise(period, seed)
    text = noise(before, seed + 1) + passage * (2 * WINDOWS[-1] // period + 1)
    assert loops(text)


@pytest.mark.parametrize("period", [1, 7, 80, 300, 500])
def test_a_short_passage_is_found_within_some_hundred_tokens(period: int) -> None:
    assert loops(noise(900) + "".join(islice(cycle(noise(period, 2)), 2600)))


@given(st.lists(st.integers(1, 700), min_size=1, max_size=20), st.integers(1, 900))
@settings(max_examples=60)
def test_it_does_not_depend_on_how_the_text_is_cut(sizes: list[int], period: int) -> None:
    text = noise(1234) + noise(period, 3) * (9000 // period)
    one_by_one = found_at(text, [1])
    assert one_by_one is not None
    cut = found_at(text, sizes)
    assert cut is not None
    assert one_by_one <= cut < one_by_one + max(sizes)


@given(st.integers(0, 999))
@settings(max_examples=30)
def test_noise_is_no_loop(seed: int) -> None:
    assert not loops(noise(30_000, seed))


@given(st.integers(1, LONGEST), st.integers(1, 3))
@settings(max_examples=40)
def test_what_is_said_three_times_is_no_loop(period: int, times: int) -> None:
    assert not loops(noise(777) + noise(period, 4) * times + noise(3000, 5))


def digits_of_a_seventh() -> str:
    getcontext().prec = 1_000
    return str(Decimal(1) / Decimal(7))


TABLE = "| item | price | sold |\n|---|---|---|\n" + "".join(
    f"| article {n} | {n * 7 % 90}.00 | {n % 3} |\n" for n in range(300)
)
ORDINARY = {
    "a table": TABLE,
    "a table of zeros": "| 0 | 0 | 0 | 0 |\n" * 80,
    "a list": "".join(f"{n}. Add the next number.\n" for n in range(1, 400)),
    "a ruler": "-" * 1_200,
    "rulers": ("-" * 79 + "\n\nSome words about it.\n") * 10,
    "a periodic number": digits_of_a_seventh(),
    "a bracket of brackets": "(" * 700 + ")" * 700,
    "a poem with a refrain": "".join(noise(400, n) + "Row, row, row your boat.\n" * 3 for n in range(40)),
    "counting": " ".join(map(str, range(3_000))),
    "a matrix": "\n".join(" ".join("1" if x == y else "0" for x in range(40)) for y in range(40)),
    "nothing": "",
    "spaces": " " * 1_400,
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_text_is_no_loop(name: str) -> None:
    assert found_at(ORDINARY[name], [3]) is None


def test_no_code_and_no_document_of_ours_is_a_loop() -> None:
    files = [*ROOT.glob("localr1/**/*.py"), *ROOT.glob("docs/*.md"), *ROOT.glob("localr1/data/*.toml")]
    assert len(files) > 100
    assert [file.name for file in files if loops(file.read_text())] == []
