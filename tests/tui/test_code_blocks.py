"""The blocks of code in an answer are found, and come out as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.markdown.code_blocks import code_blocks
from localr1.safe_text import safe_text
from localr1.tui.code_blocks import sources
from localr1.tui.excerpt import NOTE

LINES = st.text(st.characters(exclude_characters="\n`~"), max_size=20)


def written(answer: str) -> list[str]:
    return [block.source for block in code_blocks(answer)]


@pytest.mark.parametrize(
    ("answer", "blocks"),
    [
        ("no code, only `code`", []),
        ("```python\nx = 1\n```\n", ["x = 1\n"]),
        ("a\n\n~~~\nx\n\n\ny  \n~~~\nb\n```\nz\n```", ["x\n\n\ny  \n", "z\n"]),
        ("```\n\tif x:\n\t\t🦀\t\n```\n", ["\tif x:\n\t\t🦀\t\n"]),
        ("```\n\x1b[31mred\x00\r\n\u202e\n```\n", ["\x1b[31mred\x00\r\n\u202e\n"]),
        ("````\n```\ninner\n```\n````\n", ["```\ninner\n```\n"]),
        ("1. do\n\n   ```sh\n   ls\n     -l\n   ```\n2. then\n", ["ls\n  -l\n"]),
        ("> ```\n> quoted\n> ```\n", ["quoted\n"]),
        ("text\n\n    indented\n        more\n\nend\n", ["indented\n    more\n"]),
        ("```\ncut in the mid", ["cut in the mid"]),
        ("```\ncut after a line\n", ["cut after a line\n"]),
        ("```\n```\n", [""]),
        ("```", [""]),
    ],
)
def test_a_block_is_its_lines_without_the_fence(answer: str, blocks: list[str]) -> None:
    assert written(answer) == blocks


@given(st.lists(LINES, min_size=1, max_size=8))
def test_any_code_comes_out_as_it_went_in(lines: list[str]) -> None:
    code = "\n".join(lines) + "\n"
    assert written(f"before\n\n```\n{code}```\nafter") == [code]


@given(
    st.lists(st.one_of(LINES, st.sampled_from(("```", "~~~", "- a", "  ```", "> ```", "\t\tx"))), max_size=12)
)
def test_no_answer_breaks_it_and_what_it_gives_shows_as_the_block_does(lines: list[str]) -> None:
    for block in code_blocks("\n".join(lines)):
        assert safe_text(block.source).rstrip() == block.shown.rstrip()


def test_a_shortened_block_gives_all_of_its_source() -> None:
    code = "".join(f"line {number}\n" for number in range(1000))
    drawn = [f"line 0\nline 1\n\n{NOTE}", "next"]
    assert list(sources(f"```\n{code}```\n\n```\nnext\n```\n", drawn)) == [code, "next\n"]


def test_a_block_that_is_not_drawn_does_not_shift_the_others() -> None:
    answer = "```\nfirst\n```\n```\nhidden\n```\n```\nlast\n```\n"
    assert list(sources(answer, ["first", "last"])) == ["first\n", "last\n"]


def test_equal_blocks_are_told_apart_by_their_order() -> None:
    assert list(sources("```\nx\n```\n\n```\nx \n```\n", ["x", "x"])) == ["x\n", "x \n"]
