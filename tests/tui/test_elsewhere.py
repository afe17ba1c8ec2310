"""Two windows on one store: what one does, the other shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.message import FinishReason, Message, Reply
from localr1.store.chats import Chats
from localr1.tui.elsewhere import DELETED
from localr1.tui.widgets.user_message import UserMessage
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

QUESTION = "What is 47 + 85?"


def begin(home: Path, turns: int = 1) -> int:
    """A chat with some questions and their replies."""
    with store(home) as chats:
        chat_id = chats.create(title="Sums", model="nano").id
        for number in range(turns):
            add_turn(chats, chat_id, f"Question {number}", f"Answer {number}")
    return chat_id


def add_turn(chats: Chats, chat_id: int, question: str, answer: str) -> Message:
    branch = chats.branch(chat_id)
    asked = chats.add_user_message(chat_id, branch[-1].id if branch else None, question)
    return finish(chats, chats.start_reply(chat_id, asked.id, "nano"), answer)


def finish(chats: Chats, reply: Message, answer: str) -> Message:
    return chats.save_reply(reply.id, Reply(answer, "", answer, FinishReason.STOP))


async def test_a_turn_of_another_window_appears(home: Path) -> None:
    chat_id = begin(home)
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        with store(home) as chats:
            add_turn(chats, chat_id, "And 5 more?", "137 then.")
        await shows(pilot, "137 then.")
        assert "changed in another window" in screen_text(app)
        assert screen_text(app).count("Answer 0") == 1


async def test_a_reply_that_another_window_is_writing_appears_when_it_is_whole(home: Path) -> None:
    chat_id = begin(home)
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        with store(home) as chats:
            asked = chats.add_user_message(chat_id, chats.branch(chat_id)[-1].id, "And 5 more?")
            reply = chats.start_reply(chat_id, asked.id, "nano")
            half = Reply("137 th", "", "137 th", FinishReason.INTERRUPTED)
            chats.save_reply(reply.id, half, growing=True)
            await shows(pilot, "another window is answering")
            assert "And 5 more?" in screen_text(app)
            assert "137 th" not in screen_text(app)
            finish(chats, reply, "137 then.")
        await shows(pilot, "137 then.")


async def test_another_branch_is_shown_and_can_be_left_again(home: Path) -> None:
    chat_id = begin(home)
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        with store(home) as chats:
            question = chats.branch(chat_id)[0]
            finish(chats, chats.start_reply(chat_id, question.id, "nano"), "Another answer.")
        chat.look_elsewhere()
        await shows(pilot, "Another answer.")
        assert "Answer 0" not in screen_text(app)
        await shows(pilot, "◀ 2/2 ▶")
        await pilot.press("alt+left")
        await shows(pilot, "Answer 0")


async def test_what_is_being_read_stays_where_it_is(home: Path) -> None:
    chat_id = begin(home, turns=30)
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await chat.conversation.to_beginning()
        await shows(pilot, "Question 0")
        with store(home) as chats:
            add_turn(chats, chat_id, "And 5 more?", "137 then.")
        chat.look_elsewhere()
        await until(pilot, lambda: len(chat.conversation.messages) == 62)
        await shows(pilot, "Question 0")
        assert "137 then." not in screen_text(app)


async def test_a_chat_that_is_deleted_elsewhere_stays_readable_and_may_come_back(home: Path) -> None:
    chat_id = begin(home)
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)
    async with app.run_test(size=(100, 30)) as pilot:
        chat = await opened(pilot)
        with store(home) as chats:
            chats.deletions.add(chat_id)
            chat.look_elsewhere()
            await shows(pilot, DELETED[:40])
            other = chats.create(title="something else")
            chats.rename(other.id, "to be noticed")
        chat.look_elsewhere()
        await pilot.pause()
        assert screen_text(app).count(DELETED[:40]) == 1
        assert "Answer 0" in screen_text(app)
        with store(home) as chats:
            chats.deletions.undo(chat_id)
        chat.look_elsewhere()
        await until(pilot, lambda: DELETED[:40] not in screen_text(app))
        assert "Answer 0" in screen_text(app)


async def test_a_title_given_elsewhere_is_said(home: Path) -> None:
    chat_id = begin(home)
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        chat.look_elsewhere()
        await pilot.pause(0.1)
        with store(home) as chats:
            chats.rename(chat_id, "\x1b[31m[/] of apples")
        chat.look_elsewhere()
        await shows(pilot, "this chat is now “␛[31m[/] of apples”")


async def test_a_question_that_is_edited_is_left_in_peace(home: Path) -> None:
    chat_id = begin(home)
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("alt+e")
        with store(home) as chats:
            add_turn(chats, chat_id, "And 5 more?", "137 then.")
        chat.look_elsewhere()
        await pilot.pause(0.1)
        assert chat.prompt.editing is not None
        assert "137 then." not in screen_text(app)
        await pilot.press("escape")
        chat.look_elsewhere()
        await shows(pilot, "137 then.")


async def test_a_turn_here_is_no_change_elsewhere(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        [shown] = [child for child in chat.conversation.children if isinstance(child, UserMessage)]
        for _ in range(2):
            chat.look_elsewhere()
            await pilot.pause(0.1)
        assert "another window" not in screen_text(app)
        assert shown in chat.conversation.children


async def test_questions_of_both_windows_are_kept_as_branches(home: Path) -> None:
    chat_id = begin(home)
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        with store(home) as chats:
            chats.add_user_message(chat_id, chats.branch(chat_id)[-1].id, "From the other window")
        await ask(pilot, QUESTION)
        await shows(pilot, "◀ 2/2 ▶")
    with store(home) as chats:
        assert [message.text for message in chats.branch(chat_id)][2] == QUESTION
        [asked] = [each for each in chats.siblings(chat_id) if len(each.ids) == 2]
        assert {chats.message(each).text for each in asked.ids} == {"From the other window", QUESTION}


@pytest.mark.parametrize("written", ["", "Pears"])
async def test_the_panel_of_chats_shows_what_other_windows_do(home: Path, written: str) -> None:
    begin(home)
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+o")
        await shows(pilot, "Sums")
        if written:
            await pilot.press("slash", *written)
            await shows(pilot, "Nothing found")
        with store(home) as chats:
            add_turn(chats, chats.create(title="Pears").id, "How many Pears?", "Two.")
        await shows(pilot, "How many Pears" if written else "Pears")


async def test_a_question_in_a_chat_that_is_gone_says_so_once(home: Path) -> None:
    chat_id = begin(home)
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat_id)
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot)
        with store(home) as chats:
            chats.delete(chat_id)
        await ask(pilot, QUESTION)
        await shows(pilot, DELETED[:40])
        assert screen_text(app).count(f"There is no chat {chat_id}") == 1
        assert screen_text(app).count(QUESTION) >= 1
