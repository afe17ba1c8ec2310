"""The Markdown that models write, read in one way by whoever draws it."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from localr1.latex.in_markdown import read_formulas
from localr1.markdown.breaks import read_breaks
from localr1.markdown.checkboxes import read_checkboxes
from localr1.safe_text import safe_text


def markdown_parser() -> MarkdownIt:
    """Formulas can be read; HTML stays visible, and entities can't bring back what `safe_text` took out."""
    parser = raw_parser()
    parser.core.ruler.push("safe_text", _make_safe)
    return parser


def raw_parser() -> MarkdownIt:
    """The same for what is drawn outside a terminal, where no character is an order."""
    parser = MarkdownIt("gfm-like", {"html": False})
    read_formulas(parser)
    read_breaks(parser)
    read_checkboxes(parser)
    return parser


def block_parser() -> MarkdownIt:
    """The same for who wants to know only where blocks begin and end."""
    return raw_parser().disable(["inline", "linkify"])


def _make_safe(state: StateCore) -> None:
    _make_tokens_safe(state.tokens)


def _make_tokens_safe(tokens: list[Token]) -> None:
    for token in tokens:
        token.content = safe_text(token.content)
        _make_tokens_safe(token.children or [])
