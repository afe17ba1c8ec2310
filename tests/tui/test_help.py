"""The help names every key."""

from __future__ import annotations

from textual.binding import Binding

from localr1.tui.app import LocalR1App
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.help import KEYS

SPELLINGS = {"pageup": "Page Up", "pagedown": "Page Down", "escape": "Esc"}


def test_every_key_of_the_chat_is_in_the_help() -> None:
    named = " ".join(key for group in KEYS for key, _ in group)
    for binding in (*ChatScreen.BINDINGS, *LocalR1App.BINDINGS):
        assert isinstance(binding, Binding)
        spelling = SPELLINGS.get(binding.key) or "+".join(part.title() for part in binding.key.split("+"))
        assert spelling in named
