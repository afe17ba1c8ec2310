"""An answer in Markdown, drawn while it grows."""

from __future__ import annotations

import time
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from textual import on
from textual.events import Mount
from textual.message import Message
from textual.widgets import Markdown
from textual.widgets._markdown import MarkdownBlock

from localr1.latex.in_markdown import read_formulas
from localr1.safe_text import safe_text
from localr1.tui.code_blocks import sources
from localr1.tui.excerpt import Excerpt, excerpt
from localr1.tui.widgets.code import Code

REST = 4
"""The screen may take a fifth of the time; the cores belong to the model."""


class Answer(Markdown):
    """The answer; whatever a model writes, nothing of it is obeyed and nothing vanishes."""

    @dataclass
    class CodeWanted(Message):
        """The user wants to copy this code."""

        source: str

    def __init__(self, text: str = "") -> None:
        super().__init__(open_links=False, parser_factory=_parser)
        self._text = text
        self._waiting: list[str] = []
        self._excerpt = Excerpt()
        self._rests_until = 0.0

    async def on_mount(self, event: Mount) -> None:
        """Draw what there is, here instead of in the class above, which knows no last block."""
        event.prevent_default()
        await self.settle(self._text)

    def get_block_class(self, block_name: str) -> type[MarkdownBlock]:
        return Code if block_name in ("fence", "code_block") else super().get_block_class(block_name)

    @property
    def text(self) -> str:
        """All of it so far."""
        return self._text + "".join(self._waiting)

    def code(self) -> dict[Code, str]:
        """The blocks of code that are drawn, each with its source."""
        drawn = list(self.query(Code))
        return dict(zip(drawn, sources(self.text, [block.code for block in drawn]), strict=True))

    @on(Code.CopyWanted)
    def _copy_wanted(self, event: Code.CopyWanted) -> None:
        event.stop()
        self.post_message(self.CodeWanted(self.code()[event.code]))

    def feed(self, text: str) -> None:
        """Take more of the answer; it is drawn at the next `draw`."""
        self._waiting.append(text)

    async def draw(self) -> None:
        """Draw what has come since the last time, or wait when drawing takes too much of the time."""
        if not self._waiting or time.monotonic() < self._rests_until:
            return
        text = "".join(self._waiting)
        self._text += text
        self._waiting.clear()
        started = time.monotonic()
        with self.app.batch_update():
            await self.append(self._excerpt.feed(safe_text(text)))
            self._mark_last()
        finished = time.monotonic()
        self._rests_until = finished + REST * (finished - started)

    async def settle(self, text: str) -> None:
        """Draw the whole answer anew: what was drawn while it grew can hold half a block."""
        self._text = text
        self._waiting.clear()
        self._excerpt = Excerpt()
        with self.app.batch_update():
            await self.update(excerpt(safe_text(text)))
            self._mark_last()

    def _mark_last(self) -> None:
        """The last block needs no space below.

        A rule for `:last-child` would have every widget of the app styled anew whenever another one comes.
        """
        for block in self.query_children(".last-block"):
            block.remove_class("last-block")
        for block in self.children[-1:]:
            block.add_class("last-block")


def _parser() -> MarkdownIt:
    """Formulas can be read; HTML stays visible, and entities can't bring back what `safe_text` took out."""
    parser = MarkdownIt("gfm-like", {"html": False})
    read_formulas(parser)
    parser.core.ruler.push("safe_text", _make_safe)
    return parser


def _make_safe(state: StateCore) -> None:
    _make_tokens_safe(state.tokens)


def _make_tokens_safe(tokens: list[Token]) -> None:
    for token in tokens:
        token.content = safe_text(token.content)
        _make_tokens_safe(token.children or [])
