"""Every key, and what it is good for."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.hints import Hints

KEYS = (
    (
        ("Enter", "send"),
        ("Shift+Enter, Ctrl+J", "a new line"),
        ("Up, Down", "earlier prompts, and back"),
        ("@", "a file: Tab takes it, Backspace removes it"),
        ("Ctrl+E", "go on writing in $VISUAL or $EDITOR"),
        ("Ctrl+_", "undo"),
    ),
    (
        ("Esc", "stop the reply; what came so far stays"),
        ("Ctrl+C", "the same, or copy what is marked; twice quits"),
        ("Ctrl+R", "another reply to the last question"),
        ("Alt+E", "edit the last question; Esc leaves it as it was"),
        ("Alt+Left, Alt+Right", "between replies or versions; so does ◀ 2/3 ▶"),
    ),
    (
        ("Alt+A", "the answer now: end the thinking"),
        ("Alt+G", "go on with a reply that was cut"),
        ("Alt+L", "think longer about the last question"),
    ),
    (
        ("Page Up, Page Down", "scroll; so does the mouse wheel"),
        ("Ctrl+Home, Ctrl+End", "the beginning and the end of the chat"),
        ("Ctrl+T", "open or fold the last thinking; so does a click"),
        ("Alt+T", "open or fold all thinking"),
        ("Alt+H", "hide or show all thinking"),
        ("Alt+O", "open or fold the files of the last question"),
    ),
    (
        ("Tab", "to the conversation, to read it by keys; Esc comes back"),
        ("j, k, d, u", "there: a line, or half a screen, down and up"),
        ("n, N", "there: the next message, the one before"),
        ("g, G", "there: the beginning and the end"),
        ("/", "there: find; n and N go from match to match"),
        ("y", "there: copy the message that is marked"),
        ("e, x", "there: edit the question, or delete it and all after it"),
    ),
    (
        ("Alt+Y, Alt+K", "copy the last answer, the last block of code"),
        ("Alt+C", "copy the thinking, or the whole chat"),
    ),
    (
        ("Ctrl+N", "a new chat"),
        ("Ctrl+O", "all chats: search, open, pin, tag, delete, export"),
        ("Ctrl+O, then N", "a temporary chat, never on the disk"),
        ("Ctrl+L", "models: fetch one, use it, remove it"),
        ("F1, or ? when empty", "this help"),
        ("Ctrl+Z", "to the shell; fg comes back"),
        ("Ctrl+Q", "quit; every chat is saved already"),
    ),
)
COLUMN = 22
"""Cells for the names of the keys."""


class HelpScreen(Panel[None]):
    """One page that a newcomer reads in a minute."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q,question_mark,enter", "close", "Back")]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="panel"):
            yield Static(Content("Keys"), classes="title")
            yield Static(_page())
            yield Hints(("Esc", "back", "screen.close"))

    def action_close(self) -> None:
        """Back to the chat."""
        self.dismiss()


def _page() -> Content:
    groups = (
        Content("\n").join(Content.assemble((key.ljust(COLUMN), "bold"), does) for key, does in group)
        for group in KEYS
    )
    return Content("\n\n").join(groups)
