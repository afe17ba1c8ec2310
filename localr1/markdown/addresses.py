"""Addresses of links and pictures behind their words, as a terminal shows no other way where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token


def show_addresses(parser: MarkdownIt) -> None:
    """Let a parser write them out, before its last rule makes all text safe."""
    parser.core.ruler.before("safe_text", "addresses", _show)


def _show(state: StateCore) -> None:
    for token in state.tokens:
        if token.children:
            token.children = list(_addressed(token.children))


def _addressed(tokens: Iterable[Token]) -> Iterator[Token]:
    """The same tokens; an address that is what the link says anyway is not said again."""
    href = words = ""
    for token in tokens:
        yield token
        match token.type:
            case "link_open":
                href, words = str(token.attrs.get("href", "")), ""
            case "link_close" if token.info != "auto" and href not in ("", words):
                yield _behind(href)
            case "image" if src := str(token.attrs.get("src", "")):
                yield _behind(src)
            case _:
                words += token.content


def _behind(address: str) -> Token:
    return Token("text", "", 0, content=f" ({address})")
