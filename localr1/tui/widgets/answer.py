"""An answer in Markdown, drawn while it grows."""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token
from textual import on
from textual.events import Mount
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Markdown
from textual.widgets._markdown import MarkdownBlock

from localr1.markdown.addresses import show_addresses
from localr1.markdown.parser import markdown_parser
from localr1.safe_text import safe_text
from localr1.tui.code_blocks import sources
from localr1.tui.excerpt import Excerpt, excerpt
from localr1.tui.prose import is_prose, runs
from localr1.tui.widgets.code import Code
from localr1.tui.widgets.code_wanted import CodeWanted
from localr1.tui.widgets.prose import Prose

FRAME_CHARACTERS = 600
"""Drawn at once while the answer grows: a key is never kept waiting for long."""
PIECE_CHARACTERS = 2_000
"""Drawn at once of an answer that is there."""
LONG_ANSWER = 8_000
"""Characters from which on an answer without code is not drawn anew at its end."""


class Answer(Markdown):
    """The answer; whatever a model writes, nothing of it is obeyed and nothing vanishes."""

    virtual_size = Reactive(Size(0, 0))
    """Set by a layout; as other widgets have it, it would ask for another one."""

    def __init__(self, text: str = "") -> None:
        super().__init__(open_links=False, parser_factory=_parser)
        self._text = text
        self._waiting: list[str] = []
        self._excerpt = Excerpt()

    async def on_mount(self, event: Mount) -> None:
        """Draw what there is, here instead of in the class above, which knows no last block."""
        event.prevent_default()
        await self.settle(self._text)

    def get_block_class(self, block_name: str) -> type[MarkdownBlock]:
        return Code if block_name in ("fence", "code_block") else super().get_block_class(block_name)

    def _parse_markdown(self, tokens: Iterable[Token]) -> Iterable[MarkdownBlock]:
        """Paragraphs and lists together, and what else there is as Textual draws it."""
        for run in runs(tokens):
            if is_prose(run[0]):
                yield Prose(self, run)
            else:
                yield from super()._parse_markdown(run[0])

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
        self.post_message(CodeWanted(self.code()[event.code]))

    @on(Markdown.LinkClicked)
    def _copy_address(self, event: Markdown.LinkClicked) -> None:
        """Nothing is opened from here; where a link leads can be copied."""
        event.stop()
        self.app.copy_to_clipboard(event.href)

    def feed(self, text: str) -> None:
        """Take more of the answer; it is drawn at the next `draw`."""
        self._waiting.append(text)

    async def draw(self) -> None:
        """Draw what has come since the last time, as far as one frame goes."""
        if self._waiting:
            text = "".join(self._waiting)
            self._waiting = [rest] if (rest := text[FRAME_CHARACTERS:]) else []
            self._text += text[:FRAME_CHARACTERS]
            with self.app.batch_update():
                await self.append(self._excerpt.feed(safe_text(text[:FRAME_CHARACTERS])))
                self._mark_ends()

    @property
    def behind(self) -> bool:
        """More has come than one frame draws."""
        return sum(map(len, self._waiting)) > FRAME_CHARACTERS

    async def settle(self, text: str) -> None:
        """Draw the whole answer anew: code that was drawn while it grew can lack its end.

        A long one without code stays as it is drawn, and one of which nothing is drawn comes in pieces.
        """
        if text == self._text and not self._waiting and len(text) > LONG_ANSWER and "```" not in text:
            return
        self._text = text
        self._waiting.clear()
        self._excerpt = Excerpt()
        drawn = excerpt(safe_text(text))
        first, *others = [drawn] if self.children else pieces(drawn)
        with self.app.batch_update():
            await self.update(first)
            self._mark_ends()
        for piece in others:
            with self.app.batch_update():
                await self.append(piece)
                self._mark_ends()

    def _mark_ends(self) -> None:
        """The first block needs no space above, the last one none below.

        A rule for `:last-child` would have every widget of the app styled anew whenever another one comes.
        """
        for block in self.children:
            block.set_class(block is self.children[0], "first-block")
            block.set_class(block is self.children[-1], "last-block")


def _parser() -> MarkdownIt:
    parser = markdown_parser()
    show_addresses(parser)
    return parser


def pieces(text: str) -> list[str]:
    """A text cut at blank lines that stand in no block of code."""
    cut = [""]
    fenced = False
    for line in text.splitlines(keepends=True):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        cut[-1] += line
        if len(cut[-1]) > PIECE_CHARACTERS and not fenced and not line.strip():
            cut.append("")
    return cut
