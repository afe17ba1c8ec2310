"""A line to write in."""

from __future__ import annotations

from textual.widgets import Input


class LineInput(Input):
    """Its cursor stays still, as that of the prompt does: nothing moves on a screen where nothing happens."""

    def on_mount(self) -> None:
        self.cursor_blink = False
