"""Where the instructions of a chat are written."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key, Paste

from localr1.safe_text import safe_text
from localr1.tui.widgets.writing import Writing

LONGEST_PASTE = 256 * 1024
"""Characters; no context that a laptop holds has room for more."""


class Instructions(Writing):
    """Several lines; Tab leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+underscore,ctrl+shift+z", "undo", "Undo", show=False),
    ]

    def __init__(self, text: str) -> None:
        super().__init__(
            safe_text(text),
            show_line_numbers=False,
            highlight_cursor_line=False,
            compact=True,
            placeholder=Content("Instructions: what the model shall know before anything is said"),
        )
        self.cursor_blink = False

    async def on_key(self, event: Key) -> None:
        """A letter with Alt is a key, and writes nothing."""
        if event.key.startswith("alt+"):
            event.prevent_default()

    def on_paste(self, event: Paste) -> None:
        """A paste comes in without control characters."""
        event.prevent_default()
        event.stop()
        if len(event.text) > LONGEST_PASTE:
            self.notify(
                f"{len(event.text):,} characters are more than any model here can read.", markup=False
            )
            return
        self.write(safe_text(event.text.replace("\r\n", "\n").replace("\r", "\n")))
