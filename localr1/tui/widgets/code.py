"""A block of code in an answer."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.selection import Selection
from textual.widgets import Static
from textual.widgets._markdown import MarkdownFence

from localr1.tui.widgets.hints import hint_content

HIGHLIGHTED_CHARACTERS = 8_000
"""Colouring more code than this takes longer than a tenth of a second."""


class CopyCorner(Static):
    """A word above the code, to be clicked; marking text passes it by."""

    ALLOW_SELECT = False

    class Clicked(Message):
        """The word was clicked."""

    def __init__(self) -> None:
        super().__init__(hint_content("", "copy", "copy"))

    def get_selection(self, selection: Selection) -> None:
        """Nothing, not even where the mouse was let go here."""

    def action_copy(self) -> None:
        """What a click runs."""
        self.post_message(self.Clicked())


class Code(MarkdownFence):
    """Code with a corner that copies it.

    What is long or names no language stays in one colour: guessing a language takes 0.2 s.
    """

    @dataclass
    class CopyWanted(Message):
        """The user wants what this block holds."""

        code: Code

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        if not language or len(code) > HIGHLIGHTED_CHARACTERS:
            return Content(code)
        return super().highlight(code, language, ansi, dark)

    def compose(self) -> ComposeResult:
        yield CopyCorner()
        yield from super().compose()

    @on(CopyCorner.Clicked)
    def _corner_clicked(self) -> None:
        self.post_message(self.CopyWanted(self))
