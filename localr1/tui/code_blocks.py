"""The blocks of code in an answer, as the model wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from localr1.latex.in_markdown import read_formulas
from localr1.safe_text import safe_text
from localr1.tui.excerpt import NOTE


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """One block, without its fence."""

    shown: str
    """As the screen shows it, every control character as a symbol."""
    source: str
    """The same lines as they came."""


def code_blocks(answer: str) -> list[CodeBlock]:
    """Every block of an answer, the first at the top."""
    shown = safe_text(answer)
    parser = MarkdownIt("gfm-like", {"html": False}).disable(["inline", "linkify"])
    read_formulas(parser)
    tokens = (token for token in parser.parse(shown) if token.type in ("fence", "code_block"))
    lines = answer.split("\n")
    return [CodeBlock(token.content, _source(token, lines)) for token in tokens]


def sources(answer: str, drawn: Sequence[str]) -> Iterator[str]:
    """The source of each block that is drawn; one may be shortened, or still grow, and some are not drawn."""
    blocks = iter(code_blocks(answer))
    for code in drawn:
        beginning = code.removesuffix(NOTE).rstrip()
        yield next((block.source for block in blocks if block.shown.startswith(beginning)), code)


def _source(token: Token, lines: Sequence[str]) -> str:
    """The lines that a block was cut from, without what indents or quotes them."""
    first = token.map[0] + (token.type == "fence") if token.map else 0
    return "\n".join(map(_ending, lines[first:], token.content.split("\n")))


def _ending(line: str, content: str) -> str:
    """The end of a raw line that shows as this content; spaces that half a tab has left are new."""
    return line[len(line) - len(content) :] if safe_text(line).endswith(content) else content
