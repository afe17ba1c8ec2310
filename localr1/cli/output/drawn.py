"""An answer drawn from its Markdown, block by block as it comes."""

from __future__ import annotations

import re
from shutil import get_terminal_size
from typing import ClassVar

from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.markdown import CodeBlock, Heading, Markdown, MarkdownElement
from rich.syntax import Syntax
from rich.text import Text
from rich.theme import Theme

from localr1.chat.answer import Answer
from localr1.chat.events import AnswerDelta, Event
from localr1.cli.output.renderers import AsWritten
from localr1.markdown.blocks import Block, Blocks
from localr1.markdown.parser import markdown_parser
from localr1.safe_text import safe_text

WIDTH = 80
"""Columns where there is no terminal that has any."""
MAX_WIDTH = 120
"""Columns; longer lines are hard to read."""
MIN_WIDTH = 20
"""Columns that text is given, however deep it is nested: in fewer of them Rich would leave it out."""
INDENTATION = 4
"""Columns that a level of nesting takes at most."""
INDENT = "  "
CODE_THEME = "ansi_dark"
"""The terminal's own colours, on its own background."""
_STYLES = Theme({"markdown.code": "bold cyan", "markdown.h1": "bold underline", "markdown.h2": "bold"})
_PADDING = re.compile(r" +((?:\x1b\[0m)?\n)")


class Drawn:
    """Draws each block of the answer once, when nothing that follows can change it any more."""

    def __init__(self, written: AsWritten, *, terminal: bool) -> None:
        """`written` writes the thinking before it."""
        self._written = written
        self._terminal = terminal
        self._blocks = Blocks()
        self._parser = markdown_parser()
        self._drawn = False
        self._first_number = 1

    def show(self, event: Event) -> str:
        match event:
            case AnswerDelta(text):
                return "".join(map(self._draw, self._blocks.feed(safe_text(text))))
            case _:
                return self._written.show(event)

    def end(self) -> str:
        return "".join(map(self._draw, self._blocks.finish())) or self._written.end()

    def finish(self, answer: Answer) -> str:
        return ""

    def _draw(self, block: Block) -> str:
        tokens = self._parser.parse(block.source)
        if tokens and tokens[0].type == "ordered_list_open":
            self._number(tokens[0], block)
        gap = "\n" if self._drawn and not block.item else self._written.gap()
        self._drawn = True
        console = Console(theme=_STYLES, highlight=False, width=self._width(tokens))
        with console.capture() as captured:
            console.print(_Drawing(tokens), crop=False)
        drawn = _PADDING.sub(r"\1", captured.get()).strip("\n")
        return f"{gap}{drawn}\n"

    def _width(self, tokens: list[Token]) -> int:
        there = min(get_terminal_size().columns, MAX_WIDTH) if self._terminal else WIDTH
        return max(there, MIN_WIDTH + INDENTATION * max((token.level for token in tokens), default=0))

    def _number(self, token: Token, block: Block) -> None:
        """An item that is drawn alone keeps its number in the list."""
        if not block.item:
            self._first_number = int(token.attrs.get("start", 1))
        token.attrs["start"] = self._first_number + block.item


class _Code(CodeBlock):
    """Code without a background, indented and whole: the terminal breaks the lines that are too long."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        code = Syntax("", self.lexer_name, theme=self.theme).highlight(str(self.text).rstrip("\n"))
        lines = [Text.assemble(INDENT, line) for line in code.split(allow_blank=True)]
        yield Text("\n", no_wrap=True, overflow="ignore").join(lines)


class _Heading(Heading):
    """A heading at the left, where all the text begins."""

    LEVEL_ALIGN: ClassVar[dict[str, JustifyMethod]] = {}


class _Drawing(Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": _Heading,
        "fence": _Code,
        "code_block": _Code,
    }

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__("", code_theme=CODE_THEME, hyperlinks=False)
        for token in tokens:
            token.children = [child for child in token.children or [] if child.info != "auto"]
        self.parsed = tokens
