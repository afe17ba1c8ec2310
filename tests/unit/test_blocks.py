"""Markdown that comes in pieces, cut into blocks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from localr1.markdown.blocks import Block, Blocks

LINES = st.sampled_from(
    (
        *("text", "more text", "", "- item", "- ", "1. one", "2. two", "   nested", "    code", "# Head"),
        *("```", "```python", "~~~", "---", "===", "| a | b |", "|---|---|", "| 1 | 2 |", "> quoted"),
        *("\\[", "a", "\\]", "$$", "x = 1 \\]", "\\begin{align}", "\\end{align}", "* star", "+ plus"),
    )
)
TEXTS = st.lists(LINES, max_size=20).map("\n".join)


def cut(text: str, places: list[int]) -> list[str]:
    """The text in pieces."""
    ends = sorted({min(place, len(text)) for place in places} | {len(text)})
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def blocks_of(*pieces: str) -> list[Block]:
    blocks = Blocks()
    return [block for piece in pieces for block in blocks.feed(piece)] + blocks.finish()


def sources(*pieces: str) -> list[str]:
    return [block.source.strip() for block in blocks_of(*pieces)]


def test_a_block_is_whole_as_soon_as_the_next_one_has_begun() -> None:
    blocks = Blocks()
    assert blocks.feed("One\nparagraph.\n\n") == []
    assert blocks.feed("Two") == []
    assert blocks.feed(" of them.\n") == [Block("One\nparagraph.\n\n")]
    assert blocks.finish() == [Block("Two of them.\n\n")]


def test_a_list_comes_item_by_item() -> None:
    text = "Before\n\n3. three\n4. four\n\n   and more\n5. five\n\nAfter\n"
    assert [(block.source.strip(), block.item) for block in blocks_of(*text)] == [
        ("Before", 0),
        ("3. three", 0),
        ("4. four\n\n   and more", 1),
        ("5. five", 2),
        ("After", 0),
    ]


def test_code_stays_together_whatever_is_in_it() -> None:
    code = "```\n# no head\n\n- no item\n\n| no | table |\n```"
    assert sources(*f"Before\n{code}\nAfter\n") == ["Before", code, "After"]


def test_a_formula_stays_together_although_its_lines_look_like_a_list() -> None:
    formula = "\\[\na\n- b\n+ c\n\\]"
    assert sources(*f"So\n\n{formula}\n\nAfter\n") == ["So", formula, "After"]


def test_an_underlined_heading_and_a_table_are_not_cut_from_their_first_line() -> None:
    assert sources(*"Head\n====\n\n| a |\n|---|\n| 1 |\n") == ["Head\n====", "| a |\n|---|\n| 1 |"]


@given(TEXTS, st.lists(st.integers(0, 200), max_size=10))
def test_nothing_is_lost_however_the_text_is_cut(text: str, places: list[int]) -> None:
    joined = "".join(block.source for block in blocks_of(*cut(text, places)))
    assert joined.split() == text.split()


def test_a_long_block_of_code_is_not_read_again_at_every_line() -> None:
    blocks = Blocks()
    assert [block for _ in range(20_000) for block in blocks.feed("    x = 1  # one line of many\n")] == []
    assert len(blocks.finish()) == 1
