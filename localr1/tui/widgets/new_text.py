"""A word over the end of the screen: something new stands below it."""

from __future__ import annotations

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import Static


class NewText(Static):
    """Shown while there is text that the reader has not come to."""

    class Wanted(Message):
        """The reader wants to go there."""

    def __init__(self) -> None:
        super().__init__(Content("↓ new text below · Ctrl+End"), classes="over")
        self.display = False

    def on_click(self, event: Click) -> None:
        """Ask for the way there."""
        event.stop()
        self.post_message(self.Wanted())
