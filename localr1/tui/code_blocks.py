"""The sources of the blocks of code that are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from localr1.markdown.code_blocks import code_blocks
from localr1.tui.excerpt import NOTE


def sources(answer: str, drawn: Sequence[str]) -> Iterator[str]:
    """The source of each block that is drawn; one may be shortened, or still grow, and some are not drawn."""
    blocks = iter(code_blocks(answer))
    for code in drawn:
        beginning = code.removesuffix(NOTE).rstrip()
        yield next((block.source for block in blocks if block.shown.startswith(beginning)), code)
