"""Chats that can only be read: it is said above them, and a question is refused and not lost."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.fakes import ScriptedEngine
from tests.faults.read_only import read_only
from tests.tui.chatting import ask, opened, paths_of, pieces, screen_text, scripted_app, shows, store, until

SAID = "These chats can only be read"


def a_chat(home: Path) -> int:
    with store(home) as chats:
        chat = chats.create(title="Sums")
        chats.add_user_message(chat.id, None, "47 + 85?")
        return chat.id


async def begin_temporary(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+o")
    await shows(pilot, "Sums")
    await pilot.press("N")
    await until(pilot, lambda: "temporary" in screen_text(pilot.app))


async def test_it_is_said_and_a_question_stays_in_the_prompt(home: Path) -> None:
    chat_id = a_chat(home)
    with read_only(paths_of(home).database.parent):
        app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            assert SAID in screen_text(pilot.app)
            assert "47 + 85?" in screen_text(pilot.app)
            chat = await ask(pilot, "and 2 + 2?")
            await shows(pilot, "can't be written.")
            assert chat.prompt.text == "and 2 + 2?"
            chat.prompt.clear()


async def test_a_temporary_chat_needs_no_disk(home: Path) -> None:
    a_chat(home)
    with read_only(paths_of(home).database.parent):
        async with scripted_app(ScriptedEngine(*pieces()), home).run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await begin_temporary(pilot)
            assert SAID not in screen_text(pilot.app)
            await ask(pilot, "47 + 85?")
            assert "132" in screen_text(pilot.app)


async def test_nothing_is_said_of_chats_that_can_be_written(home: Path) -> None:
    async with scripted_app(ScriptedEngine(*pieces()), home).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert SAID not in screen_text(pilot.app)
