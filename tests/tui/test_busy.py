"""While another program writes to the chats, the screen stays alive, says so, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from localr1.message import FinishReason, Message
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.store.writer import WAITING
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    ANSWER,
    chat_of,
    opened,
    paths_of,
    pieces,
    screen_text,
    scripted_app,
    send,
    shows,
    store,
    until,
)

RELEASE_SECONDS = 0.3


@contextmanager
def another_program(home: Path) -> Iterator[ExitStack]:
    """One that writes until the stack is closed, at the end of the block at the latest."""
    with closing(Database.open(paths_of(home).database)) as database, ExitStack() as writing:
        writing.enter_context(database.transaction())
        yield writing


def saved(home: Path) -> list[Message]:
    with store(home) as chats:
        latest = chats.latest()
        return chats.branch(latest.id) if latest else []


def a_chat(home: Path) -> int:
    with store(home) as chats:
        chat = chats.create(title="Sums")
        chats.add_user_message(chat.id, None, "47 + 85?")
        return chat.id


async def test_a_question_waits_while_keys_and_screen_go_on(home: Path) -> None:
    async with scripted_app(ScriptedEngine(*pieces()), home).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        with another_program(home) as writing:
            await send(pilot, "47 + 85?")
            await shows(pilot, WAITING)
            await pilot.press("n", "e", "x", "t")
            assert "│ next" in screen_text(pilot.app)
            assert saved(home) == []
            writing.close()
            await until(pilot, lambda: not chat.busy)
        await until(pilot, lambda: WAITING not in screen_text(pilot.app))
        assert chat.prompt.text == "next"
    assert [message.text for message in saved(home)] == ["47 + 85?", ANSWER + " "]


async def test_a_question_that_is_given_up_while_it_waits_stands_in_the_prompt_again(home: Path) -> None:
    async with scripted_app(ScriptedEngine(*pieces()), home).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        with another_program(home):
            await send(pilot, "47 + 85?")
            await until(pilot, lambda: chat.busy)
            await pilot.press("escape")
            await until(pilot, lambda: not chat.busy)
            assert chat.prompt.text == "47 + 85?"
            assert "Stopped before the question was saved." in screen_text(pilot.app)
    assert saved(home) == []


@pytest.mark.parametrize("sent", ["and 2 + 2?", "/votes 3 and 2 + 2?"])
async def test_a_question_that_waits_when_the_user_quits_is_the_draft_of_the_next_time(
    home: Path, sent: str
) -> None:
    chat_id = a_chat(home)
    with ExitStack() as stack:
        async with scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id).run_test() as pilot:
            chat = await opened(pilot)
            writing = stack.enter_context(another_program(home))
            await send(pilot, sent)
            await until(pilot, lambda: chat.busy)
            asyncio.get_running_loop().call_later(RELEASE_SECONDS, writing.close)
    with closing(Database.open(paths_of(home).database)) as database:
        assert Drafts(database).get(chat_id) == sent
    async with scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id).run_test() as pilot:
        assert (await opened(pilot)).prompt.text == sent


async def reply_under_way(pilot: Pilot[None], engine: ScriptedEngine) -> None:
    await opened(pilot)
    await send(pilot, "47 + 85?")
    await until(pilot, lambda: chat_of(pilot.app).status.state == "thinking")


async def test_the_end_of_a_reply_is_saved_later_also_when_the_user_gives_it_up(home: Path) -> None:
    engine = ScriptedEngine(*pieces(), hold=3)
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        await reply_under_way(pilot, engine)
        with another_program(home) as writing:
            engine.released.set()
            await shows(pilot, WAITING)
            await pilot.press("escape", "escape", "escape")
            assert "132" in screen_text(pilot.app)
            writing.close()
            await until(pilot, lambda: not chat_of(pilot.app).busy)
    assert saved(home)[-1].text == ANSWER + " "
    assert saved(home)[-1].finish_reason is FinishReason.STOP


async def test_the_end_of_a_reply_is_saved_when_the_user_quits_meanwhile(home: Path) -> None:
    engine = ScriptedEngine(*pieces(), hold=3)
    with ExitStack() as stack:
        async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
            await reply_under_way(pilot, engine)
            writing = stack.enter_context(another_program(home))
            engine.released.set()
            await shows(pilot, "132")
            asyncio.get_running_loop().call_later(RELEASE_SECONDS, writing.close)
    assert saved(home)[-1].text == ANSWER + " "


async def test_a_chat_is_deleted_in_the_panel_as_soon_as_the_other_program_is_done(home: Path) -> None:
    a_chat(home)
    async with scripted_app(ScriptedEngine(*pieces()), home).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+o")
        await shows(pilot, "Sums")
        with another_program(home) as writing:
            await pilot.press("d")
            await shows(pilot, WAITING)
            await pilot.press("slash", "x")
            assert "Nothing found" in screen_text(pilot.app)
            writing.close()
            await shows(pilot, "u brings it back")
    with store(home) as chats:
        assert chats.list() == []
