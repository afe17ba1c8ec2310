"""Titles made from first questions."""

from __future__ import annotations

import pytest

from localr1.chat.title import LENGTH, title_of


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is 47 + 85?", "What is 47 + 85?"),
        ("\n \n  First line\nsecond line", "First line"),
        ("many   blanks\tand tabs", "many blanks and tabs"),
        ("", ""),
        (" \n\t\n", ""),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("word " * 20, "word word word word word word word word word word word…"),
        ("a " + "x" * 100, "a " + "x" * 57 + "…"),
        ("[/] <think> {{ x }}", "[/] <think> {{ x }}"),
    ],
)
def test_a_title_is_the_first_line_cut_at_a_word(question: str, title: str) -> None:
    assert title_of(question) == title
    assert len(title) <= LENGTH
