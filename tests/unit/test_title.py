"""Titles made from first questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.chat.title import LENGTH, is_provisional, title_of


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
        ("Hi!", "Hi!"),
        ("Hello there,\n\nhow many r are in strawberry?", "how many r are in strawberry?"),
        ("Hi, can you add 47 and 85?", "can you add 47 and 85?"),
        ("History of Rome", "History of Rome"),
        ("Hiking in the Alps", "Hiking in the Alps"),
        ("你好，9.11 和 9.9 哪个更大？", "你好，9.11 和 9.9 哪个更大？"),
        ("```python\nprint(1)\n```\nWhy?", "Why?"),
        ("```python\nprint(1)\n```", "print(1)"),
        ("Hi\n```\nprint(1)", "print(1)"),
        ("## A heading", "A heading"),
        ("> quoted\n\nand asked", "quoted"),
        ("- an item", "an item"),
        ("---\n===\nwords", "words"),
        ("-3 plus 5", "-3 plus 5"),
        ("# of apples", "of apples"),
        ("https://www.example.org/a/b/?q=1", "example.org/a/b/?q=1"),
        ("Sum up https://example.org/ for me", "Sum up example.org for me"),
        ("[file name]: sums.py\n[file content begin]\nx = 1\n[file content end]\nWhat is x?", "What is x?"),
        ("[file name]: sums.py\n[file content begin]\nx = 1\n[file content end]\n", "sums.py"),
    ],
)
def test_a_title_is_the_first_line_that_says_something_cut_at_a_word(question: str, title: str) -> None:
    assert title_of(question) == title
    assert len(title) <= LENGTH


@pytest.mark.parametrize("greeting", ["Hi!", "hello", "Good morning.", "Guten Tag", "你好", ""])
def test_a_title_that_is_but_a_greeting_waits_for_a_better_one(greeting: str) -> None:
    assert is_provisional(title_of(greeting), greeting)


@pytest.mark.parametrize("question", ["High", "Hello world in C", "Hi, what is 1 + 1?", "?"])
def test_anything_else_says_something(question: str) -> None:
    assert not is_provisional(title_of(question), question)


def test_a_greeting_that_the_user_has_written_over_it_stays() -> None:
    assert not is_provisional("Hello", "What is 1 + 1?")


@given(st.text(max_size=300))
def test_any_question_has_a_title_of_one_short_line(question: str) -> None:
    title = title_of(question)
    assert len(title) <= LENGTH
    assert title == " ".join(title.split())
