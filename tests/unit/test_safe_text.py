"""What a terminal would obey is shown instead."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.safe_text import safe_line, safe_text

ANY_TEXT = st.text(st.characters(), max_size=200)
"""Surrogates included."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\x00b\x7f", "a␀b␡"),
        ("line\r\nnext\tcell", "line␍\nnext\tcell"),
        ("\x9b31m", "�31m"),
        ("abc\u202edcba\u2066x\u200f", "abc�dcba�x�"),
        ("a\u2028b\u2029", "a�b�"),
        ("\ud800", "�"),
        ("\ufff9x\ufffb", "�x�"),
        ("hidden\U000e0041", "hidden�"),
    ],
)
def test_what_a_terminal_would_obey_is_shown(text: str, shown: str) -> None:
    assert safe_text(text) == shown


@pytest.mark.parametrize("text", ["👩\u200d💻", "naïve", "推理", "e\u0301", "[/] [@click=app.quit]"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert safe_text(text) == text


@given(ANY_TEXT)
def test_nothing_that_orders_a_terminal_is_left(text: str) -> None:
    shown = safe_text(text)
    assert len(shown) == len(text)
    assert all(
        character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs") for character in shown
    )
    shown.encode("utf-8")


@given(ANY_TEXT)
def test_a_line_stays_a_line(text: str) -> None:
    assert not set("\n\t\r\x0b\x0c\x85\u2028\u2029") & set(safe_line(text))


def test_what_is_safe_stays_the_same() -> None:
    once = safe_text("\x1b[31m\u202ered\n")
    assert safe_text(once) == once
