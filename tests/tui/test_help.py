"""The help names every key."""

from __future__ import annotations

from pathlib import Path

from textual.binding import Binding

from localr1.tui.app import LocalR1App
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.help import KEYS
from tests.fakes import ScriptedEngine
from tests.tui.chatting import opened, screen_text, scripted_app, shows

SPELLINGS = {"pageup": "Page Up", "pagedown": "Page Down", "escape": "Esc"}


def test_every_key_of_the_chat_is_in_the_help() -> None:
    named = " ".join(key for group in KEYS for key, _ in group)
    for binding in (*ChatScreen.BINDINGS, *LocalR1App.BINDINGS):
        assert isinstance(binding, Binding)
        spelling = SPELLINGS.get(binding.key) or "+".join(part.title() for part in binding.key.split("+"))
        assert spelling in named


async def test_every_key_can_be_read_on_a_small_screen(home: Path) -> None:
    app = scripted_app(ScriptedEngine(), home)
    async with app.run_test(size=(60, 12)) as pilot:
        await opened(pilot)
        await pilot.press("f1")
        await shows(pilot, "Keys")
        assert "Ctrl+Q" not in screen_text(app)
        await pilot.press("end")
        await shows(pilot, "Ctrl+Q")
        assert "Esc back" in screen_text(app)
