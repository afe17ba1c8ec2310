"""Markdown that grows, cut into blocks as soon as nothing that follows can change them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from localr1.latex.in_markdown import LINES_LIMIT, opens_formula
from localr1.markdown.parser import block_parser

GROWTH = 1.05
"""A block is looked at again when it has grown by this factor, so that its cost stays near its length."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the top level; a list comes item by item."""

    source: str
    item: int = 0
    """How many items of the same list came before it."""


class Blocks:
    """Takes Markdown in pieces and gives its blocks, each when the next one has begun."""

    def __init__(self) -> None:
        self._parser = block_parser()
        self._text = ""
        self._looked_at = 0
        self._item = 0

    def feed(self, text: str) -> list[Block]:
        """The blocks that are whole with this."""
        self._text += text
        if "\n" not in text or len(self._text) < self._looked_at * GROWTH:
            return []
        lines = self._text.splitlines(keepends=True)
        whole = lines if lines[-1].endswith("\n") else lines[:-1]
        starts = list(self._starts(whole))
        blocks = [Block("".join(lines[start:end]), item) for (start, item), (end, _) in pairwise(starts)]
        if blocks:
            last, self._item = starts[-1]
            self._text = "".join(lines[last:])
        self._looked_at = len(self._text)
        return blocks

    def finish(self) -> list[Block]:
        """What is left at the end of the text."""
        self._looked_at = 0
        blocks = [*self.feed("\n"), Block(self._text, self._item)]
        self._text, self._looked_at, self._item = "", 0, 0
        return [block for block in blocks if block.source.strip()]

    def _starts(self, lines: list[str]) -> Iterator[tuple[int, int]]:
        """The line where each block begins, and how many items of its list came before it."""
        end = _open_formula(lines)
        yield 0, self._item
        item = 0
        for token in self._parser.parse("".join(lines)):
            start = token.map[0] if token.map else 0
            if token.level == 0 and token.nesting >= 0:
                item = self._item if start == 0 else 0
            if 0 < start < end and _begins(token):
                yield start, item
            if _is_item(token):
                item += 1


def _begins(token: Token) -> bool:
    """Whether a block begins here; a list does with its first item."""
    top = token.level == 0 and token.nesting >= 0 and not token.type.endswith("list_open")
    return top or _is_item(token)


def _is_item(token: Token) -> bool:
    return token.level == 1 and token.type == "list_item_open"


def _open_formula(lines: list[str]) -> int:
    """The first line of a formula that has not ended yet, and may still: nothing is sure behind it."""
    first, closing = 0, ""
    for number, line in enumerate(lines):
        if closing and (not line.strip() or number - first >= LINES_LIMIT or closing in line):
            closing = ""
        elif not closing and (closing := opens_formula(line)):
            first = number
    return first if closing else len(lines)
