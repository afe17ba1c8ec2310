"""Items of a list that are to be ticked off: `[ ]` and `[x]` as boxes."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

_BOX = re.compile(r"\A\[([ xX])\](?=\s)")
_BEGINS_ITEM = ["list_item_open", "paragraph_open", "inline"]


def read_checkboxes(parser: MarkdownIt) -> None:
    """Let a parser draw the box that an item begins with."""
    parser.core.ruler.push("checkboxes", _draw)


def _draw(state: StateCore) -> None:
    tokens = state.tokens
    for end in range(len(_BEGINS_ITEM), len(tokens) + 1):
        if [token.type for token in tokens[end - len(_BEGINS_ITEM) : end]] == _BEGINS_ITEM:
            for text in (tokens[end - 1].children or [])[:1]:
                text.content = _BOX.sub(_box, text.content)


def _box(match: re.Match[str]) -> str:
    return "☐" if match[1] == " " else "☑"
