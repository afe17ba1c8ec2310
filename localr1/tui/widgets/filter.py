"""A line to write what to look for; it is there only while it is used."""

from __future__ import annotations

from localr1.tui.widgets.line_input import LineInput


class Filter(LineInput):
    """Words that narrow a list down."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True)
        self.display = False

    def open(self) -> None:
        """Let the user write."""
        self.display = True
        self.focus()

    def close(self) -> bool:
        """Forget what was written; false where it was not open."""
        was_open = self.display
        self.clear()
        self.display = False
        return was_open
