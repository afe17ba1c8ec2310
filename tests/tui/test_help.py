"""The help names everything there is to do."""

from __future__ import annotations

from pathlib import Path

from textual.binding import Binding

from localr1.commands import COMMANDS
from localr1.tui.app import LocalR1App
from localr1.tui.keys import key_text
from localr1.tui.screens.chat import ChatScreen
from tests.fakes import ScriptedEngine
from tests.tui.chatting import opened, screen_text, scripted_app, shows


async def test_the_help_has_every_key_and_every_slash_command(home: Path) -> None:
    app = scripted_app(ScriptedEngine(), home)
    async with app.run_test(size=(100, 80)) as pilot:
        await opened(pilot)
        await pilot.press("f1")
        await shows(pilot, "What you can do")
        text = screen_text(app)
    for binding in Binding.make_bindings((*ChatScreen.BINDINGS, *LocalR1App.BINDINGS)):
        assert key_text(binding.key) in text
    for command in COMMANDS:
        if command.action or command.key:
            assert command.does in text
            assert not command.slash or f"/{command.slash}" in text


def test_every_action_of_the_table_is_one_of_the_chat_or_the_app() -> None:
    for command in COMMANDS:
        namespace, _, name = command.action.partition("(")[0].rpartition(".")
        owner = LocalR1App if namespace == "app" else ChatScreen
        assert not name or callable(getattr(owner, f"action_{name}"))


def test_no_two_commands_share_a_key_or_a_name() -> None:
    keys = [key for command in COMMANDS if command.key for key in command.key.split(",")]
    names = [name for command in COMMANDS if command.slash for name in (command.slash, *command.aliases)]
    assert len(keys) == len(set(keys))
    assert len(names) == len(set(names))


async def test_every_key_can_be_read_on_a_small_screen(home: Path) -> None:
    app = scripted_app(ScriptedEngine(), home)
    async with app.run_test(size=(60, 12)) as pilot:
        await opened(pilot)
        await pilot.press("f1")
        await shows(pilot, "What you can do")
        assert "Ctrl+Q" not in screen_text(app)
        await pilot.press("end")
        await shows(pilot, "Ctrl+Q")
        assert "Esc back" in screen_text(app)
