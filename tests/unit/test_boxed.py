"""The last \\boxed{…} of an answer."""

from __future__ import annotations

import pytest

from localr1.latex.boxed import last_boxed

ANSWERS = {
    "So \\boxed{132}.": "132",
    "First \\boxed{1}, then \\boxed{2}.": "2",
    "\\boxed{\\frac{1}{2}}": "\\frac{1}{2}",
    "\\boxed{ \\{1, 2\\} }": "\\{1, 2\\}",
    "\\boxed{\\boxed{3}}": "\\boxed{3}",
    "\\boxed {7} and \\fbox{8}, \\fboxed{9}": "9",
    "\\boxed{a\nb}": "a\nb",
    "\\boxed{5} and \\boxed{6 + ": "5",
    "\\boxed{outer \\boxed{4}": "4",
    "} \\boxed{1}": "1",
    "\\boxed{}": "",
}


@pytest.mark.parametrize(("answer", "inside"), ANSWERS.items())
def test_the_last_box_whose_braces_balance_is_found(answer: str, inside: str) -> None:
    assert last_boxed(answer) == inside


@pytest.mark.parametrize("answer", ["", "132", "boxed{1}", "\\boxed{1", "\\boxed 1", "\\boxedx{1}"])
def test_without_a_whole_box_there_is_none(answer: str) -> None:
    assert last_boxed(answer) is None


def test_a_flood_of_openings_takes_no_longer_than_its_length() -> None:
    assert last_boxed("\\boxed{" * 200_000 + "1}") == "1"
