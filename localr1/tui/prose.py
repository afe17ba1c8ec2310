"""Paragraphs and lists of Markdown as lines of text, each with what stands before it (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from textual.content import Content

from localr1.tui.hanging import Line

Block: TypeAlias = Sequence[Token]
"""The tokens of one paragraph, list or whatever else stands at the top level of a document."""
Inline: TypeAlias = Callable[[Token], Content]

RUN_CHARACTERS = 4_000
"""Of text that is drawn together: all of it is laid out whenever its end grows."""
BULLETS = ("• ", "▪ ", "‣ ", "⭑ ", "◦ ")
"""For lists in lists, again from the first one on."""
BULLET_STYLE = ".bullet"
_PROSE = {
    "inline",
    "paragraph_open",
    "paragraph_close",
    "bullet_list_open",
    "bullet_list_close",
    "ordered_list_open",
    "ordered_list_close",
    "list_item_open",
    "list_item_close",
}


def runs(tokens: Iterable[Token]) -> Iterator[list[Block]]:
    """The blocks of a document: paragraphs and lists that follow each other together, any other alone."""
    run: list[Block] = []
    for block in _blocks(tokens):
        if run and not (is_prose(block) and is_prose(run[-1]) and sum(map(_size, run)) < RUN_CHARACTERS):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def is_prose(block: Block) -> bool:
    """Nothing but paragraphs and lists of them."""
    return all(token.type in _PROSE for token in block)


def lines_of(block: Block, inline: Inline) -> tuple[Line, ...]:
    """The lines of a paragraph or list; `inline` gives the text of its parts."""
    (node,) = SyntaxTreeNode(block).children
    return tuple(_lines(node, Content(), inline, 0))


def _blocks(tokens: Iterable[Token]) -> Iterator[Block]:
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _size(block: Block) -> int:
    return sum(len(token.content) for token in block)


def _lines(node: SyntaxTreeNode, mark: Content, inline: Inline, depth: int) -> Iterator[Line]:
    """What a node comes to, its first line behind `mark`, inside of so many lists with bullets."""
    if node.type == "paragraph":
        for text in _text(node, inline).split(allow_blank=True):
            yield Line(mark, text)
            mark = _blank(mark)
        return
    inside = depth + (node.type == "bullet_list")
    for item, bullet in zip(node.children, _bullets(node, depth), strict=True):
        yield from _item(item, mark + Content.styled(bullet, BULLET_STYLE), inline, inside)
        mark = _blank(mark)


def _text(paragraph: SyntaxTreeNode, inline: Inline) -> Content:
    (token,) = paragraph.children[0].to_tokens()
    return inline(token)


def _item(item: SyntaxTreeNode, mark: Content, inline: Inline, depth: int) -> Iterator[Line]:
    if not item.children:
        yield Line(mark, Content())
    for child in item.children:
        yield from _lines(child, mark, inline, depth)
        mark = _blank(mark)


def _bullets(node: SyntaxTreeNode, depth: int) -> list[str]:
    """What stands before each item; numbers go on from the first one, and end below each other."""
    if node.type == "bullet_list":
        return [BULLETS[depth % len(BULLETS)]] * len(node.children)
    first = int(node.children[0].info)
    numbers = [f"{number}. " for number, _ in enumerate(node.children, first)]
    return [number.rjust(max(map(len, numbers)) + 1) for number in numbers]


def _blank(mark: Content) -> Content:
    return Content(" " * mark.cell_length)
