"""The last question, asked in other words."""

from __future__ import annotations

from pathlib import Path

from localr1.errors import EngineError
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.notice import ErrorNotice
from localr1.tui.widgets.user_message import UserMessage
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, opened, pieces, screen_text, scripted_app, send, shows, store, until

QUESTION = "What is 47 + 85?"
OTHER = "What is 47 + 85 + 1?"


def questions(chat: ChatScreen) -> list[str]:
    return [message.text for message in chat.query(UserMessage) if message.display]


def answers(chat: ChatScreen) -> list[str]:
    return [reply.answer.text.strip() for reply in chat.query(AssistantMessage) if reply.display]


async def test_an_edited_question_is_asked_beside_the_first_one(home: Path) -> None:
    engine = ScriptedEngine(*pieces(answer="132."))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        await ask(pilot, "Hello?")
        chat = await ask(pilot, QUESTION)
        await pilot.press("alt+e")
        await shows(pilot, "Editing your question")
        assert chat.prompt.text == QUESTION
        engine.pieces = pieces(answer="133.")
        await pilot.press("backspace", *" + 1?", "enter")
        await until(pilot, lambda: answers(chat) == ["132.", "133."] and not chat.busy)
        assert questions(chat) == ["Hello?", OTHER]
        await shows(pilot, "◀ 2/2 ▶")
        assert chat.prompt.text == ""
        assert "Editing" not in screen_text(pilot.app)
        await pilot.press("alt+left")
        await until(pilot, lambda: questions(chat) == ["Hello?", QUESTION])
        assert answers(chat) == ["132.", "132."]
    assert [message.content.strip() for message in engine.asked[-1]] == ["Hello?", "132.", OTHER]


async def test_escape_leaves_the_question_as_it_was_and_gives_the_draft_back(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        chat.prompt.insert("half a thought")
        await pilot.press("alt+e", "x", "alt+e")
        assert chat.prompt.text == QUESTION + "x"
        await shows(pilot, "Esc leave it")
        await pilot.press("escape")
        assert chat.prompt.text == "half a thought"
        await shows(pilot, "Alt+E edit")
        assert questions(chat) == [QUESTION]
    with store(home) as chats:
        assert chats.get(1).messages == 2


async def test_a_draft_comes_back_once_the_edited_question_is_sent(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        chat.prompt.insert("half a thought")
        await pilot.press("alt+e", "x", "enter")
        await until(pilot, lambda: questions(chat) == [QUESTION + "x"] and answers(chat) and not chat.busy)
        assert chat.prompt.text == "half a thought"


async def test_a_question_that_was_not_changed_gets_another_reply(home: Path) -> None:
    engine = ScriptedEngine(*pieces(answer="131."))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        engine.pieces = pieces(answer="132.")
        await pilot.press("alt+e", "enter")
        await until(pilot, lambda: answers(chat) == ["132."] and not chat.busy)
        assert questions(chat) == [QUESTION]
    with store(home) as chats:
        assert chats.get(1).messages == 3


async def test_an_edited_question_that_fails_stands_there_and_the_first_can_be_gone_back_to(
    home: Path,
) -> None:
    engine = ScriptedEngine(*pieces(answer="132."))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        engine.error, engine.pieces = EngineError("The engine died."), ()
        await pilot.press("alt+e", "x", "enter")
        await until(pilot, lambda: chat.query(ErrorNotice) and not chat.busy)
        assert (questions(chat), answers(chat)) == ([QUESTION + "x"], [])
        assert chat.prompt.text == QUESTION + "x"
        await pilot.press("alt+left")
        await until(pilot, lambda: (questions(chat), answers(chat)) == ([QUESTION], ["132."]))


async def test_another_key_for_the_chat_ends_editing(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        await pilot.press("alt+e", "x", "ctrl+r")
        await until(pilot, lambda: chat.prompt.editing is None and not chat.busy)
        assert (questions(chat), chat.prompt.text) == ([QUESTION], "")
        await pilot.press("alt+e", "ctrl+c")
        assert (chat.prompt.editing, chat.prompt.text) == (None, "")
        await pilot.press("alt+e", "ctrl+n")
        await until(pilot, lambda: chat.ready and not questions(chat))
        assert (chat.prompt.editing, chat.prompt.text) == (None, "")


async def test_control_characters_of_a_question_do_not_come_back_raw(home: Path) -> None:
    with store(home) as chats:
        chats.add_user_message(chats.create().id, None, "red \x1b[31m?")
    async with scripted_app(ScriptedEngine(), home, chat_id=1).run_test() as pilot:
        chat = await opened(pilot)
        await pilot.press("alt+e")
        assert chat.prompt.text == "red ␛[31m?"


async def test_nothing_is_edited_while_a_reply_runs_or_before_a_question(home: Path) -> None:
    async with scripted_app(ScriptedEngine(*pieces(), hold=3), home).run_test() as pilot:
        chat = await opened(pilot)
        await pilot.press("alt+e")
        await shows(pilot, "Nothing has been asked yet")
        await send(pilot, QUESTION)
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("alt+e")
        await shows(pilot, "Still answering")
        assert chat.prompt.editing is None
