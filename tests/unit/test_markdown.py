"""Markdown as models write it: what a terminal could not show otherwise becomes text."""

from __future__ import annotations

import pytest

from localr1.markdown.addresses import show_addresses
from localr1.markdown.parser import markdown_parser


def read(source: str) -> str:
    """What all paragraphs, items and cells say."""
    parser = markdown_parser()
    show_addresses(parser)
    return "|".join(
        "".join("\n" if part.type == "hardbreak" else part.content for part in token.children or [])
        for token in parser.parse(source)
        if token.type == "inline"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("see [the **manual**](https://a.b/c)", "see the manual (https://a.b/c)"),
        ("![chart](https://a.b/c.png)", "chart (https://a.b/c.png)"),
        ("https://a.b/c and <https://a.b/d>", "https://a.b/c and https://a.b/d"),
        ("[https://a.b/c](https://a.b/c)", "https://a.b/c"),
        ("[https://bank.b](https://evil.b)", "https://bank.b (https://evil.b)"),
        ("[nowhere]()", "nowhere"),
        ("[one](a) [two](b)", "one (a) two (b)"),
    ],
)
def test_a_link_says_where_it_leads_unless_it_does_already(source: str, text: str) -> None:
    assert read(source) == text


def test_no_control_character_comes_out_of_an_address() -> None:
    assert "\x9b" not in read("[a](<b\x9bc>)")


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<BR />"])
def test_a_break_breaks_the_line_of_a_cell_too(tag: str) -> None:
    assert read(f"| a |\n|---|\n| b{tag}c |") == "a|b\nc"


def test_any_other_tag_stays_in_sight_and_a_break_in_code_as_well() -> None:
    assert read("<b>a</b> `<br>` <broken>") == "<b>a</b> <br> <broken>"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("- [ ] write\n- [x] run\n1. [X] read", "☐ write|☑ run|☑ read"),
        ("- [x](y) [ ] z", "x (y) [ ] z"),
        ("[ ] no item\n\n- a[ ] b\n- [ ]c", "[ ] no item|a[ ] b|[ ]c"),
    ],
)
def test_only_what_an_item_begins_with_is_a_box(source: str, text: str) -> None:
    assert read(source) == text
