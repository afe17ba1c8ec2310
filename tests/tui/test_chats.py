"""The list of chats: open, rename, delete."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from localr1.tui.app import LocalR1App
from localr1.tui.screens.chats import ChatsScreen
from localr1.tui.screens.confirm import ConfirmScreen
from localr1.tui.screens.rename import RenameScreen
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    ask,
    opened,
    pieces,
    screen_text,
    scripted_app,
    shows,
    store,
    until,
)


def fill(home: Path, *titles: str) -> None:
    """Chats with one question each, the last one the newest."""
    with store(home) as chats:
        for title in titles:
            chat = chats.create(title=title)
            chats.add_user_message(chat.id, None, f"A question about {title}")


def titles(home: Path) -> list[str]:
    with store(home) as chats:
        return [chat.title for chat in chats.list()]


def app_of(home: Path) -> LocalR1App:
    return scripted_app(ScriptedEngine(*pieces()), home)


async def show_list(pilot: Pilot[None]) -> None:
    await opened(pilot)
    await pilot.press("ctrl+o")
    await until(pilot, lambda: isinstance(pilot.app.screen, ChatsScreen))
    await pilot.pause()


async def test_the_list_shows_title_size_and_date_newest_first(home: Path) -> None:
    fill(home, "Old", "New")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        text = screen_text(app)
        assert text.index("New") < text.index("Old")
        assert "1 message · 15 Nov 2023" in text


async def test_enter_opens_the_marked_chat(home: Path) -> None:
    fill(home, "Apples", "Pears")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await pilot.press("down", "enter")
        await shows(pilot, "A question about Apples")


async def test_a_click_opens_a_chat(home: Path) -> None:
    fill(home, "Apples", "Pears")
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await show_list(pilot)
        await pilot.click("OptionList", offset=(4, 1))
        await shows(pilot, "A question about Apples")


async def test_a_new_title_is_kept(home: Path) -> None:
    fill(home, "Apples")
    async with app_of(home).run_test() as pilot:
        await show_list(pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, RenameScreen))
        await pilot.press("ctrl+u", *"Fruit", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChatsScreen))
    assert titles(home) == ["Fruit"]


async def test_the_title_that_a_user_has_given_outlives_further_questions(home: Path) -> None:
    async with app_of(home).run_test() as pilot:
        await ask(pilot, "What is 47 + 85?")
        with store(home) as chats:
            chats.rename(1, "My sums")
        await ask(pilot, "And now add 5.")
    assert titles(home) == ["My sums"]


async def test_a_chat_is_deleted_only_after_a_yes(home: Path) -> None:
    fill(home, "Apples", "Pears")
    async with app_of(home).run_test() as pilot:
        await show_list(pilot)
        for answer, left in (("n", ["Pears", "Apples"]), ("enter", ["Pears", "Apples"]), ("y", ["Apples"])):
            await pilot.press("d")
            await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmScreen))
            await pilot.press(answer)
            await until(pilot, lambda: isinstance(pilot.app.screen, ChatsScreen))
            assert titles(home) == left


async def test_the_open_chat_makes_room_for_a_new_one_when_it_is_deleted(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await show_list(pilot)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, ChatsScreen))
        await pilot.press("escape")
        await shows(pilot, "Everything stays on this machine.")
    assert titles(home) == []


async def test_what_the_store_refuses_is_said_and_the_list_goes_on(home: Path) -> None:
    fill(home, "Apples", "Pears")
    app = app_of(home)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await show_list(pilot)
        with store(home) as chats:
            chats.delete(2)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, RenameScreen))
        await pilot.press("x", "enter")
        await shows(pilot, "There is no chat 2")
        await shows(pilot, "Apples")
        assert "Pears" not in screen_text(app)
