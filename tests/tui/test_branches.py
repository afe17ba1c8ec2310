"""Branches: which one is shown, and how one gets to the others."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from localr1.message import FinishReason, Message, Reply
from localr1.store.chats import Chats
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.user_message import UserMessage
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, opened, pieces, screen_text, scripted_app, send, shows, store, until

QUESTION = "What is 47 + 85?"


def fill(home: Path) -> None:
    """A chat whose first reply went on to a second question; another reply without one is shown."""
    with store(home) as chats:
        chat_id = chats.create(title=QUESTION, model="nano").id
        question = chats.add_user_message(chat_id, None, QUESTION)
        old = add_reply(chats, question, "It is 131.")
        after = chats.add_user_message(chat_id, old.id, "Are you sure?")
        add_reply(chats, after, "No.")
        add_reply(chats, question, "It is 132.")


def add_reply(chats: Chats, question: Message, text: str) -> Message:
    started = chats.start_reply(question.chat_id, question.id, "nano")
    return chats.save_reply(started.id, Reply(text, "", text, FinishReason.STOP))


def texts(chat: ChatScreen) -> list[str]:
    """What stands in the conversation, without its question."""
    return [
        child.text if isinstance(child, UserMessage) else child.answer.text
        for child in chat.query_one(Conversation).children
        if isinstance(child, UserMessage | AssistantMessage)
    ][1:]


async def click(pilot: Pilot[None], sign: str) -> None:
    """Click where this sign stands on the screen."""
    lines = screen_text(pilot.app).splitlines()
    [(x, y)] = [(line.index(sign), row) for row, line in enumerate(lines) if sign in line]
    await pilot.click(offset=(x, y))


async def test_another_reply_is_counted_and_alt_left_and_right_go_between_them(home: Path) -> None:
    engine = ScriptedEngine(*pieces(answer="131."))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        assert "◀" not in screen_text(pilot.app)
        engine.pieces = pieces(answer="132.")
        await pilot.press("ctrl+r")
        await shows(pilot, "◀ 2/2 ▶")
        await pilot.press("alt+left")
        await shows(pilot, "◀ 1/2 ▶")
        assert [text.strip() for text in texts(chat)] == ["131."]
        await until(pilot, lambda: not chat.busy)
        await pilot.press("alt+left")
        assert not chat.busy
        await pilot.press("alt+right")
        await shows(pilot, "◀ 2/2 ▶")
        assert [text.strip() for text in texts(chat)] == ["132."]


async def test_a_branch_comes_with_all_that_was_said_below_it(home: Path) -> None:
    fill(home)
    async with scripted_app(ScriptedEngine(), home, chat_id=1).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await shows(pilot, "◀ 2/2 ▶")
        assert texts(chat) == ["It is 132."]
        await click(pilot, "◀")
        await shows(pilot, "◀ 1/2 ▶")
        assert texts(chat) == ["It is 131.", "Are you sure?", "No."]
        await until(pilot, lambda: not chat.busy)
        await click(pilot, "▶")
        await until(pilot, lambda: texts(chat) == ["It is 132."])


async def test_the_branch_that_is_shown_is_shown_again_when_the_chat_is_opened(home: Path) -> None:
    fill(home)
    async with scripted_app(ScriptedEngine(), home, chat_id=1).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("alt+left")
        await shows(pilot, "◀ 1/2 ▶")
    async with scripted_app(ScriptedEngine(), home, chat_id=1).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        assert texts(chat) == ["It is 131.", "Are you sure?", "No."]


async def test_a_question_goes_on_from_the_branch_that_is_shown(home: Path) -> None:
    fill(home)
    engine = ScriptedEngine(*pieces())
    async with scripted_app(engine, home, chat_id=1).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("alt+left")
        await shows(pilot, "◀ 1/2 ▶")
        await ask(pilot, "And now?")
    said = [message.content for message in engine.asked[-1]]
    assert said == [QUESTION, "It is 131.", "Are you sure?", "No.", "And now?"]


async def test_a_first_question_that_was_never_answered_can_be_gone_back_to(home: Path) -> None:
    with store(home) as chats:
        chat_id = chats.create(title="First?").id
        chats.add_user_message(chat_id, None, "First?")
        chats.add_user_message(chat_id, None, "Second?")
    async with scripted_app(ScriptedEngine(), home, chat_id=1).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "◀ 2/2 ▶")
        await pilot.press("alt+left")
        await shows(pilot, "First?")
        assert "Second?" not in screen_text(pilot.app)


async def test_a_long_branch_is_shown_from_the_question_where_it_begins(home: Path) -> None:
    with store(home) as chats:
        chat_id = chats.create(title="First?").id
        add_reply(
            chats, chats.add_user_message(chat_id, None, "First?"), "\n\n".join("abcdefghijklmnopqrstuvwxyz")
        )
        add_reply(chats, chats.add_user_message(chat_id, None, "Second?"), "Short.")
    async with scripted_app(ScriptedEngine(), home, chat_id=1).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("alt+left")
        await shows(pilot, "◀ 1/2 ▶")
        await until(pilot, lambda: not chat.busy)
        await shows(pilot, "First?")
        assert chat.query_one(Conversation).max_scroll_y > 10


async def test_no_other_branch_is_shown_while_a_reply_runs(home: Path) -> None:
    fill(home)
    async with scripted_app(ScriptedEngine(*pieces(), hold=3), home, chat_id=1).run_test() as pilot:
        chat = await opened(pilot)
        await send(pilot, "And now?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("alt+left")
        await shows(pilot, "Still answering")
        assert texts(chat)[0] == "It is 132."
    with store(home) as chats:
        assert chats.branch(1)[2].text == "And now?"
