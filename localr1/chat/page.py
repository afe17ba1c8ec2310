"""A chat as one HTML page that stands alone: nothing is fetched or run, thinking folds, it prints well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from html import escape
from importlib import resources

from markdown_it import MarkdownIt
from markdown_it.token import Token

from localr1.chat.export import speaker
from localr1.chat.tally import voted_text
from localr1.markdown.parser import raw_parser
from localr1.message import Message, Role

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may load for the page: nothing but the style in it."""


def to_html(title: str, messages: Sequence[Message], *, thinking: bool = False) -> str:
    """The page; answers are drawn from their Markdown, all else is shown as it was written.

    What no file can hold, as half a surrogate pair, is a question mark in it.
    """
    heading = escape(" ".join(title.split()) or "Chat")
    parser = _parser()
    page = "\n".join(
        (
            "<!doctype html>",
            '<html lang=""><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{heading}</title>",
            f"<style>\n{_style()}</style></head><body>",
            f"<h1>{heading}</h1>",
            *(line for message in messages for line in _article(message, parser, thinking=thinking)),
            "</body></html>\n",
        )
    )
    return page.encode("utf-8", "replace").decode("utf-8")


def _article(message: Message, parser: MarkdownIt, *, thinking: bool) -> Iterator[str]:
    moment = datetime.fromtimestamp(message.created_at, tz=timezone.utc)
    yield f'<article class="{message.role.value}">'
    yield f"<header>{escape(speaker(message))}"
    yield f'<time datetime="{moment:%Y-%m-%dT%H:%M:%SZ}">{moment:%Y-%m-%d %H:%M} UTC</time></header>'
    if thinking and message.thinking.strip():
        yield f"<details><summary>Thinking</summary><pre>{escape(message.thinking.strip())}</pre></details>"
    if message.role is Role.ASSISTANT:
        yield parser.render(message.text)
    else:
        yield f"<pre>{escape(message.text)}</pre>"
    if voted := voted_text(message):
        yield f'<p class="vote">{escape(voted)}</p>'
    yield "</article>"


def _style() -> str:
    return resources.files("localr1.data").joinpath("page.css").read_text("utf-8")


def _parser() -> MarkdownIt:
    """HTML stays text, and a picture is its address: reading a page must not fetch what a model names."""
    parser = raw_parser()
    parser.core.ruler.push("name_images", lambda state: _name_images(state.tokens))
    return parser


def _name_images(tokens: list[Token]) -> None:
    for token in tokens:
        if token.type == "image":
            token.type, token.tag = "text", ""
            token.content = f"{token.content} ({token.attrs['src']})".strip()
            token.children = None
        _name_images(token.children or [])
