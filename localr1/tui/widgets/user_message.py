"""What the user wrote."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from localr1.safe_text import safe_text
from localr1.store.branches import Siblings
from localr1.tui.widgets.branch_mark import branch_mark

SHOWN_CHARACTERS = 20_000


class UserMessage(Static):
    """A message of the user, as plain text."""

    def __init__(self, text: str, message_id: int | None = None) -> None:
        super().__init__(Content(_shown(text)))
        self.text = text
        self.message_id = message_id
        """None until the store is known to hold it."""

    def mark(self, siblings: Siblings | None) -> None:
        """Show which of several versions of the question this is."""
        text = Content(_shown(self.text))
        self.update(Content("\n").join([text, branch_mark(siblings)]) if siblings else text)


def _shown(text: str) -> str:
    if len(text) <= SHOWN_CHARACTERS:
        return safe_text(text)
    return f"{safe_text(text[:SHOWN_CHARACTERS])}\n… and {len(text) - SHOWN_CHARACTERS:,} characters more"
