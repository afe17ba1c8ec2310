"""Numbers as models write them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.chat.numbers import number

SAME = {
    Fraction(1000): ["1000", "1,000", "1000.0", "1{,}000", "1\\,000", "1 000", "1e3", "1 × 10^3"],
    Fraction(1, 2): ["½", "0.5", ".5", "1/2", "\\frac{1}{2}", "\\dfrac12", "\\frac{ 2 }{ 4 }", "0,5"],
    Fraction(-3, 2): ["-1.5", "−1.5", "-\\frac{3}{2}", "\\frac{-3}{2}", "-1\\frac{1}{2}", "- 1½", "-3/2"],
    Fraction(1_234_567): ["1234567", "1,234,567", "1 234 567.00", "+1234567"],
    Fraction(10): ["10", "010", "1.0 \\times 10^{1}"],
}
WRITTEN = [(value, text) for value, texts in SAME.items() for text in texts]


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_a_number_is_the_same_however_it_is_written(value: Fraction, text: str) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", ".", "-", "abc", "1.2.3", "12:30", "1/0", "\\frac{1}{0}", "1,00,000", "x1", "1e999", "٣"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None


@given(st.integers(-(10**15), 10**15))
def test_every_whole_number_is_read_in_all_its_forms(value: int) -> None:
    forms = (str(value), f"{value:,}", f"{value}.0", f"{value:,}".replace(",", "{,}"), f"{value}/1")
    assert {number(form) for form in forms} == {Fraction(value)}


@given(st.integers(-999, 999), st.integers(1, 999))
def test_every_fraction_is_read_in_latex_and_with_a_slash(above: int, below: int) -> None:
    value = Fraction(above, below)
    assert number(f"\\frac{{{above}}}{{{below}}}") == number(f"{above}/{below}") == value


@given(st.decimals(-(10**6), 10**6, places=6))
def test_every_decimal_is_read_exactly(value: Decimal) -> None:
    assert number(f"{value:f}") == Fraction(value)


@given(st.text())
def test_any_text_is_read_or_is_none(text: str) -> None:
    assert number(text) is None or any(character.isnumeric() for character in text)
