"""Another reply to the last question."""

from __future__ import annotations

from pathlib import Path

from localr1.errors import EngineError
from localr1.message import Role
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.notice import ErrorNotice
from localr1.tui.widgets.user_message import UserMessage
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, opened, pieces, scripted_app, send, shows, store, until

QUESTION = "What is 47 + 85?"


def answers(chat: ChatScreen) -> list[str]:
    """The answers that stand in the conversation."""
    return [reply.answer.text.strip() for reply in chat.query(AssistantMessage) if reply.display]


async def test_ctrl_r_puts_another_reply_in_the_place_of_the_first_which_is_kept(home: Path) -> None:
    engine = ScriptedEngine(*pieces(answer="131."))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        engine.pieces = pieces(answer="132.")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: answers(chat) == ["132."] and not chat.busy)
        assert len(chat.query(AssistantMessage)) == 1
        assert len(chat.query(UserMessage)) == 1
    with store(home) as chats:
        assert chats.get(1).messages == 3
        assert [message.text.strip() for message in chats.branch(1)] == [QUESTION, "132."]


async def test_a_stopped_reply_can_be_tried_again(home: Path) -> None:
    engine = ScriptedEngine(*pieces(), hold=5)
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, QUESTION)
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("escape")
        await shows(pilot, "^R retry")
        engine.hold = None
        await pilot.press("ctrl+r")
        await until(pilot, lambda: answers(chat) == ["47 + 85 = **132**."] and not chat.busy)


async def test_a_question_that_got_nothing_is_asked_again_once_and_leaves_the_prompt(home: Path) -> None:
    engine = ScriptedEngine(error=EngineError("The engine died."))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        engine.error, engine.pieces = None, pieces()
        await pilot.press("ctrl+r")
        await until(pilot, lambda: answers(chat) and not chat.busy)
        assert chat.prompt.text == ""
        assert not chat.query(ErrorNotice)
        assert len(chat.query(UserMessage)) == 1
    assert [message.content for message in engine.asked[-1]] == [QUESTION]
    with store(home) as chats:
        assert [message.role for message in chats.branch(1)] == [Role.USER, Role.ASSISTANT]


async def test_a_question_that_could_not_be_saved_is_asked_again_all_the_same(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home, model="absent")
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: not chat.busy and chat.query(ErrorNotice))
        assert [message.text for message in chat.query(UserMessage)] == [QUESTION]
        assert chat.prompt.text == QUESTION


async def test_when_another_reply_fails_the_first_comes_back_under_the_question(home: Path) -> None:
    engine = ScriptedEngine(*pieces(answer="132."))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        engine.error, engine.pieces = EngineError("The engine died."), ()
        await pilot.press("ctrl+r")
        await until(pilot, lambda: chat.query(ErrorNotice) and not chat.busy)
        assert answers(chat) == ["132."]
    with store(home) as chats:
        assert chats.branch(1)[-1].text.strip() == "132."


async def test_another_question_takes_the_place_of_one_that_got_nothing(home: Path) -> None:
    engine = ScriptedEngine(error=EngineError("The engine died."))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, "First?")
        engine.error, engine.pieces = None, pieces()
        chat.prompt.clear()
        await send(pilot, "Second?")
        await until(pilot, lambda: answers(chat) and not chat.busy)
        assert [message.text for message in chat.query(UserMessage)] == ["Second?"]
        assert not chat.query(ErrorNotice)


async def test_the_second_of_two_questions_gets_another_reply_and_the_first_keeps_its_own(home: Path) -> None:
    engine = ScriptedEngine(*pieces(answer="132."))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        await ask(pilot, QUESTION)
        chat = await ask(pilot, "Now add 5.")
        engine.pieces = pieces(answer="137.")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: answers(chat) == ["132.", "137."] and not chat.busy)
    assert engine.asked[-1] == engine.asked[-2]


async def test_nothing_is_tried_again_while_a_reply_runs_or_before_a_question(home: Path) -> None:
    engine = ScriptedEngine(*pieces(), hold=3)
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("ctrl+r")
        await shows(pilot, "Nothing has been asked yet")
        await send(pilot, QUESTION)
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("ctrl+r")
        await shows(pilot, "Still answering")
    assert len(engine.asked) == 1
