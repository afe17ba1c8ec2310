"""Drafts: what is written and not sent stays with its chat."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from localr1.errors import DatabaseError
from localr1.store.chat import Chat
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.tui.app import LocalR1App
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.widgets.user_message import UserMessage
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, chat_of, opened, paths_of, pieces, scripted_app, send, store, until


def an_app(home: Path, chat_id: int | None = None) -> LocalR1App:
    return scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)


def a_chat(home: Path) -> Chat:
    with store(home) as chats:
        chat = chats.create(title="Sums")
        chats.add_user_message(chat.id, None, "47 + 85?")
        return chat


def draft(home: Path, chat_id: int | None = None) -> str:
    """As it lies on disk."""
    with closing(Database.open(paths_of(home).database)) as database:
        return Drafts(database).get(chat_id)


def asked(home: Path) -> list[str]:
    with store(home) as chats:
        return [message.text for chat in chats.list() for message in chats.branch(chat.id)]


def keep(home: Path, text: str, chat_id: int | None = None) -> None:
    with closing(Database.open(paths_of(home).database)) as database:
        Drafts(database).save(chat_id, text)


async def turn_to(pilot: Pilot[None], chat: ChatScreen, chat_id: int | None) -> None:
    await chat.open(chat_id).wait()
    await pilot.pause()


async def test_what_is_written_is_saved_at_a_pause(home: Path) -> None:
    async with an_app(home).run_test() as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("half a thought")
        await until(pilot, lambda: draft(home) == "half a thought")
        chat.prompt.clear()
        await until(pilot, lambda: draft(home) == "")


async def test_it_is_there_again_after_a_restart(home: Path) -> None:
    async with an_app(home).run_test() as pilot:
        (await opened(pilot)).prompt.insert("two\nlines")
    async with an_app(home).run_test() as pilot:
        prompt = (await opened(pilot)).prompt
        assert prompt.text == "two\nlines"
        assert prompt.cursor_location == (1, 5)


async def test_each_chat_has_its_own(home: Path) -> None:
    old = a_chat(home)
    async with an_app(home).run_test() as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("for the new one")
        await turn_to(pilot, chat, old.id)
        assert chat.prompt.text == ""
        chat.prompt.insert("for the old one")
        await turn_to(pilot, chat, None)
        assert chat.prompt.text == "for the new one"
        await turn_to(pilot, chat, old.id)
        assert chat.prompt.text == "for the old one"


async def test_what_was_sent_is_no_draft_any_more(home: Path) -> None:
    keep(home, "47 + 85?")
    async with an_app(home).run_test() as pilot:
        chat = await ask(pilot, "")
        assert chat.query_one(UserMessage)
        assert [draft(home), draft(home, 1)] == ["", ""]
        chat.prompt.insert("and more")
        await turn_to(pilot, chat, None)
        assert [draft(home), draft(home, 1)] == ["", "and more"]


async def test_what_is_written_during_the_first_reply_belongs_to_its_chat(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(), hold=1), home)
    async with app.run_test() as pilot:
        chat = await opened(pilot)
        await send(pilot, "47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        chat.prompt.insert("next")
        await until(pilot, lambda: draft(home, 1) == "next")
    assert draft(home) == ""


async def test_a_question_is_no_draft_any_more_once_the_store_has_it(home: Path) -> None:
    keep(home, "47 + 85?")
    app = scripted_app(ScriptedEngine(*pieces(), hold_load=True), home)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
        chat = chat_of(app)
        await until(pilot, lambda: chat.prompt.text)
        await send(pilot, "")
        await until(pilot, lambda: asked(home))
    assert draft(home) == ""
    assert asked(home) == ["47 + 85?"]


async def test_what_could_not_be_answered_is_a_draft_again(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home, model="no-such-model")
    async with app.run_test() as pilot:
        chat = await ask(pilot, "47 + 85?")
        await until(pilot, lambda: chat.prompt.text == "47 + 85?")
    assert draft(home) == "47 + 85?"


async def test_what_is_written_while_the_database_opens_stands_behind_the_draft(home: Path) -> None:
    keep(home, "from yesterday")
    may_open = asyncio.Event()
    app = scripted_app(ScriptedEngine(*pieces()), home, may_open=may_open)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))
        prompt = chat_of(pilot.app).prompt
        prompt.insert("from today")
        may_open.set()
        await opened(pilot)
        assert prompt.text == "from yesterday\nfrom today"


async def test_a_recalled_prompt_is_no_draft_until_it_is_changed(home: Path) -> None:
    a_chat(home)
    async with an_app(home).run_test() as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("mine")
        await pilot.press("up")
        await until(pilot, lambda: chat.prompt.text == "47 + 85?")
        await until(pilot, lambda: draft(home) == "mine")
        await pilot.press("!")
    assert draft(home) == "47 + 85?!"


async def test_the_draft_of_a_deleted_chat_is_gone_with_it(home: Path) -> None:
    old = a_chat(home)
    async with an_app(home, old.id).run_test() as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("too late")
        await until(pilot, lambda: draft(home, old.id) == "too late")
        with store(home) as chats:
            chats.delete(old.id)
        await turn_to(pilot, chat, None)
        assert chat.prompt.text == ""
    assert [draft(home), draft(home, old.id)] == ["", ""]


async def test_the_draft_of_one_chat_is_not_to_be_found_in_another_one(home: Path) -> None:
    old = a_chat(home)
    async with an_app(home).run_test() as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("mine")
        await pilot.press("up")
        await until(pilot, lambda: chat.prompt.text == "47 + 85?")
        await turn_to(pilot, chat, old.id)
        await pilot.press("down")
        assert chat.prompt.text == ""


async def test_a_draft_that_the_store_refuses_is_said_and_stays_in_the_prompt(home: Path) -> None:
    old = a_chat(home)
    async with an_app(home).run_test() as pilot:
        chat = await opened(pilot)
        with closing(Database.open(paths_of(home).database)) as database:
            database.execute(
                "create trigger refuse before insert on draft begin select raise(abort, 'no'); end"
            )
            chat.prompt.insert("mine")
            await until(pilot, lambda: "refused a step" in chat.status.flashed)
            await turn_to(pilot, chat, old.id)
            assert chat.prompt.text == "mine"
            database.execute("drop trigger refuse")
    assert draft(home, old.id) == "mine"


async def test_a_draft_waits_for_another_program_without_holding_up_the_keys(home: Path) -> None:
    chat_id = a_chat(home).id
    async with an_app(home, chat_id).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        with closing(Database.open(paths_of(home).database)) as other, other.transaction():
            other.execute("update chat set title = 'kept'")
            chat.prompt.insert("half a thought")
            await pilot.pause(1.2)
            assert draft(home, chat_id) == ""
            assert "busy" not in chat.status.flashed
        await until(pilot, lambda: draft(home, chat_id) == "half a thought")


async def test_a_draft_that_the_store_refuses_at_the_end_is_said_there(home: Path) -> None:
    app = an_app(home)
    with pytest.raises(DatabaseError, match="refused a step"):
        async with app.run_test() as pilot:
            chat = await opened(pilot)
            with closing(Database.open(paths_of(home).database)) as database:
                database.execute(
                    "create trigger refuse before insert on draft begin select raise(abort, 'no'); end"
                )
            chat.prompt.insert("mine")


async def test_a_question_that_is_being_edited_does_not_take_the_place_of_the_draft(home: Path) -> None:
    async with an_app(home).run_test() as pilot:
        chat = await ask(pilot, "47 + 85?")
        chat.prompt.insert("the next question")
        await pilot.press("alt+e")
        chat.prompt.insert(" And quickly.")
    assert draft(home, 1) == "the next question"
    async with an_app(home, 1).run_test() as pilot:
        assert (await opened(pilot)).prompt.text == "the next question"
