"""What the app itself has to say in a conversation."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from localr1.errors import LocalR1Error
from localr1.safe_text import safe_text


class Note(Static):
    """A dim line between messages."""

    def __init__(self, text: str) -> None:
        super().__init__(Content(text))


class ErrorNotice(Static):
    """What went wrong, and what to do; the chat goes on."""

    def __init__(self, error: LocalR1Error) -> None:
        message = Content.styled(safe_text(error.message), "bold")
        hint = Content.styled(safe_text(error.hint), "$text-muted")
        super().__init__(Content("\n").join([message, hint]) if error.hint else message)
