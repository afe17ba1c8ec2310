"""What hides the chat from the moment it locks."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from localr1.tui.screens.panel import Panel


class Curtain(Panel[None]):
    """Nothing but a word, until everything behind it is closed."""

    def compose(self) -> ComposeResult:
        yield Static(Content("locking…"), classes="dim")
