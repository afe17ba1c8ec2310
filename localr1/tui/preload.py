"""What the first frame does without, loaded behind it."""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "localr1.tui.widgets.answer",
    "localr1.tui.screens.chats",
    "localr1.tui.screens.settings",
    "localr1.tui.screens.this_chat",
)
"""Markdown with its parser and its colours, and whole screens."""


def preload() -> None:
    """Load it before the user can want it."""
    for module in MODULES:
        import_module(module)
