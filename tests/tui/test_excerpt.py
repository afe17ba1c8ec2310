"""A huge answer is shortened, a normal one is not, and the pieces in which it came do not matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.tui import excerpt as module
from localr1.tui.excerpt import BLOCK_CHARACTERS, BLOCK_LINES, CODE_LINES, NOTE, Excerpt, excerpt

TABLE = "| a | b |\n|---|---|\n"
PARTS = (
    "\n",
    "```\n",
    "~~~\n",
    "```python\n",
    "a",
    "long line " * 3,
    "| row |\n",
    "\n\n",
    "`",
    "    ```\n",
    "````\n",
)


@pytest.mark.parametrize(
    "text",
    ["", "one line", "a\n\nb\n", "```\ncode\n```\n", TABLE + "| 1 | 2 |\n" * 50, "- item\n" * BLOCK_LINES],
)
def test_a_normal_answer_stays_as_it_is(text: str) -> None:
    assert excerpt(text) == text


def test_a_long_table_shows_its_beginning_and_what_follows_it() -> None:
    shown = excerpt(TABLE + "| 1 | 2 |\n" * 2000 + "\nafter\n")
    assert shown.count("| 1 | 2 |") == BLOCK_LINES - 2
    assert shown.count(NOTE) == 1
    assert shown.endswith("after\n")


def test_a_long_block_of_code_stays_closed() -> None:
    shown = excerpt("```python\n" + "x = 1\n" * 5000 + "```\nafter\n")
    assert shown.count("x = 1") == CODE_LINES
    assert shown.endswith(f"{NOTE}\n```\nafter\n")


def test_code_after_a_hidden_paragraph_is_still_code() -> None:
    assert excerpt("line\n" * 500 + "```\ncode\n```\n").endswith("```\ncode\n```\n")


def test_a_line_without_end_is_cut() -> None:
    shown = excerpt("a" * 1_000_000)
    assert shown.count("a") - NOTE.count("a") == BLOCK_CHARACTERS
    assert NOTE in shown


def test_what_looks_like_the_end_of_a_fence_but_is_not_hides_on() -> None:
    shown = excerpt("````\n" + "x\n" * 1000 + "```\nstill code\n````\nafter\n")
    assert "still code" not in shown
    assert shown.endswith("````\nafter\n")


def test_a_whole_answer_has_an_end() -> None:
    shown = excerpt("paragraph\n\n" * 50_000)
    assert len(shown) < module.ANSWER_CHARACTERS + 2 * len(NOTE)
    assert shown.count(NOTE) == 1


@given(st.lists(st.sampled_from(PARTS), max_size=40), st.data())
def test_every_way_of_cutting_an_answer_shows_the_same(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts) * 3
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in (
            ("BLOCK_LINES", 4),
            ("CODE_LINES", 5),
            ("BLOCK_CHARACTERS", 60),
            ("ANSWER_CHARACTERS", 200),
        ):
            patch.setattr(module, name, limit)
        cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
        growing = Excerpt()
        bounds = zip([0, *cuts], [*cuts, len(text)], strict=True)
        assert "".join(growing.feed(text[start:end]) for start, end in bounds) == excerpt(text)
