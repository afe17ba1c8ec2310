"""Paragraphs and lists of Markdown as lines."""

from __future__ import annotations

import pytest
from markdown_it.token import Token
from textual.content import Content

from localr1.markdown.parser import markdown_parser
from localr1.tui.prose import RUN_CHARACTERS, is_prose, lines_of, runs


def inline(token: Token) -> Content:
    return Content(
        "".join("\n" if child.type == "hardbreak" else child.content for child in token.children or ())
    )


def lines(text: str) -> list[tuple[str, str]]:
    """Marks and texts of the lines of all blocks."""
    found = [
        line
        for run in runs(markdown_parser().parse(text))
        for block in run
        for line in lines_of(block, inline)
    ]
    return [(line.mark.plain, line.text.plain) for line in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\ntwo", [("", "Onetwo")]),
        ("One  \ntwo", [("", "One"), ("", "two")]),
        ("- a\n- b", [("• ", "a"), ("• ", "b")]),
        ("- a\n\n  more\n- b", [("• ", "a"), ("  ", "more"), ("• ", "b")]),
        ("- a\n  - b\n    - c\n- d", [("• ", "a"), ("  ▪ ", "b"), ("    ‣ ", "c"), ("• ", "d")]),
        ("- - a", [("• ▪ ", "a")]),
        ("- a  \n  b", [("• ", "a"), ("  ", "b")]),
        ("-\n- b", [("• ", ""), ("• ", "b")]),
        ("9. a\n10. b", [("  9. ", "a"), (" 10. ", "b")]),
        ("1. a\n   - b", [(" 1. ", "a"), ("    • ", "b")]),
    ],
)
def test_each_line_has_what_stands_before_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert lines(text) == expected


def test_paragraphs_and_lists_come_together_and_all_else_alone() -> None:
    text = "One\n\n- a\n\nTwo\n\n# Head\n\n```\ncode\n```\n\n1. ```\n   code\n   ```\n\nThree\n"
    found = [(len(run), is_prose(run[0])) for run in runs(markdown_parser().parse(text))]
    assert found == [(3, True), (1, False), (1, False), (1, False), (1, True)]


def test_a_run_ends_once_it_is_long() -> None:
    paragraph = "a" * (RUN_CHARACTERS // 2 + 1)
    found = runs(markdown_parser().parse("\n\n".join([paragraph] * 5)))
    assert [len(run) for run in found] == [2, 2, 1]
