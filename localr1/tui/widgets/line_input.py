"""A line to write in."""

from __future__ import annotations

from rich.text import Text
from textual.events import Key, Paste
from textual.widgets import Input

from localr1.safe_text import safe_text
from localr1.tui.typed import typed

LONGEST = 10_000
"""Characters of the longest line; none here is of any use that is as long."""


class LineInput(Input):
    """Its cursor stays still, as that of the prompt does: nothing moves on a screen where nothing happens."""

    def on_mount(self) -> None:
        self.cursor_blink = False

    def on_key(self, event: Key) -> None:
        """Take what Textual would drop."""
        if text := typed(event):
            event.stop()
            event.prevent_default()
            self._write(text)

    def on_paste(self, event: Paste) -> None:
        """Of several lines the first one comes in, as far as there is room."""
        event.stop()
        event.prevent_default()
        for line in event.text.splitlines()[:1]:
            self._write(line)

    def _write(self, text: str) -> None:
        """At the cursor, in place of what is marked."""
        start, end = sorted(self.selection)
        room = (self.max_length or LONGEST) - len(self.value) + end - start
        self.replace(text[: max(0, room)], start, end)

    @property
    def _value(self) -> Text:
        """What is drawn, wherever it came from: nothing in it is an order to the terminal."""
        if self.password:
            return super()._value
        return Text(safe_text(self.value).replace("\t", " "), no_wrap=True, overflow="ignore", end="")
