"""The blocks of code in an answer, as the model wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from localr1.markdown.parser import block_parser
from localr1.safe_text import safe_text


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
    tokens = (token for token in block_parser().parse(shown) if token.type in ("fence", "code_block"))
    lines = answer.split("\n")
    return [CodeBlock(token.content, _source(token, lines)) for token in tokens]


def _source(token: Token, lines: Sequence[str]) -> str:
    """The lines that a block was cut from, without what indents or quotes them."""
    first = token.map[0] + (token.type == "fence") if token.map else 0
    return "\n".join(map(_ending, lines[first:], token.content.split("\n")))


def _ending(line: str, content: str) -> str:
    """The end of a raw line that shows as this content; spaces that half a tab has left are new."""
    return line[len(line) - len(content) :] if safe_text(line).endswith(content) else content
