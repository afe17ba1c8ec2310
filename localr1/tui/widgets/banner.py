"""What has to be known of the chats as long as it is so, above the conversation."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content
from textual.widgets import Static

from localr1.safe_text import safe_line


class Banner(Static):
    """Takes no room while there is nothing to say."""

    def on_mount(self) -> None:
        self.display = False

    def show_read_only(self, directory: Path | None) -> None:
        """The chats in this directory can't be written; None where that matters no longer."""
        self.display = directory is not None
        self.update(
            Content.assemble(
                Content.styled("These chats can only be read", "bold"),
                f": {safe_line(str(directory))} can't be written.",
                " Ctrl+O, then N, begins a chat that is never saved.",
            )
        )
