"""The command palette."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from localr1.commands import COMMANDS
from localr1.tui.app import LocalR1App
from localr1.tui.palette import Entry, matching
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.help import HelpScreen
from localr1.tui.screens.palette import PaletteScreen
from tests.fakes import ScriptedEngine
from tests.tui.chatting import chat_of, opened, press_at_once, screen_text, scripted_app, shows, store, until


@pytest.fixture
def app(home: Path) -> LocalR1App:
    with store(home) as chats:
        chat = chats.create(title="Apples [/]", model="nano")
        chats.add_user_message(chat.id, None, "How many?")
    return scripted_app(ScriptedEngine(), home)


async def look_for(pilot: Pilot[None], words: str) -> None:
    await opened(pilot)
    await pilot.press("alt+x")
    await until(pilot, lambda: isinstance(pilot.app.screen, PaletteScreen))
    await press_at_once(pilot, words)


async def test_it_has_every_command_with_its_key(app: LocalR1App) -> None:
    async with app.run_test(size=(100, 50)) as pilot:
        await look_for(pilot, "")
        await shows(pilot, "Begin a new chat")
        text = screen_text(app).casefold()
    for command in COMMANDS:
        if command.action and not command.action.startswith(("scroll", "palette")):
            assert command.does.casefold() in text
            assert command.usage.casefold() in text
    assert "ctrl+l" in text


async def test_a_few_letters_and_enter_do_it(app: LocalR1App) -> None:
    async with app.run_test() as pilot:
        await look_for(pilot, "this help")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))


async def test_chats_models_and_themes_are_found_by_their_names(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await look_for(pilot, "apples")
        await shows(pilot, "/open 1 Apples [/]")
        await pilot.press("enter")
        await shows(pilot, "How many?")
        await look_for(pilot, "nano")
        await shows(pilot, "/model nano")
        await pilot.press("escape")
        await look_for(pilot, "nord")
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "nord")


async def test_a_command_that_needs_more_is_written_into_the_prompt(app: LocalR1App) -> None:
    async with app.run_test() as pilot:
        await look_for(pilot, "open a chat by its number")
        await pilot.press("enter")
        await until(pilot, lambda: chat_of(app).prompt.text == "/open ")


async def test_colours_are_chosen_by_looking_at_them(app: LocalR1App) -> None:
    async with app.run_test() as pilot:
        await look_for(pilot, "change the colours")
        await pilot.press("enter")
        await shows(pilot, "gruvbox")
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
        assert app.theme == "localr1-dark"


async def test_what_is_not_there_is_said_and_escape_goes_back(app: LocalR1App) -> None:
    async with app.run_test() as pilot:
        await look_for(pilot, "[/] qqq")
        await shows(pilot, "There is nothing like that.")
        await pilot.press("enter")
        assert isinstance(app.screen, PaletteScreen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))


async def test_keys_move_the_mark_and_a_click_takes_an_entry(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await look_for(pilot, "copy the last")
        await pilot.press("down", "up", "up", "pagedown")
        await pilot.click("OptionList", offset=(4, 0))
        await shows(pilot, "there is no answer to copy yet")


def test_words_are_found_in_any_order_and_beginnings_come_first() -> None:
    found = [Entry(COMMANDS[0], label) for label in ("Open a chat", "A new chat", "Chat again")]
    assert [entry.label for entry in matching(found, "chat a")] == ["Chat again", "Open a chat", "A new chat"]
    assert list(matching(found, "CHAT new")) == [found[1]]
    assert list(matching(found, " ")) == found
