"""Going on with a reply: its answer at once, a cut one, a longer thinking."""

from __future__ import annotations

from pathlib import Path

from localr1.config import Config
from localr1.errors import EngineError
from localr1.message import FinishReason, Reply
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.hints import Hints
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    ANSWER,
    THINKING,
    ask,
    chat_of,
    opened,
    pieces,
    screen_text,
    scripted_app,
    send,
    shows,
    store,
    until,
)

QUESTION = "What is 47 + 85?"


def replies(chat: ChatScreen) -> list[AssistantMessage]:
    """Those that stand in the conversation."""
    return [reply for reply in chat.query(AssistantMessage) if reply.display]


def cut_chat(home: Path, answer: str = "", thinking: str = "Seven and five") -> int:
    """A chat whose last reply was stopped."""
    with store(home) as chats:
        chat = chats.create(title="Sums", model="nano")
        question = chats.add_user_message(chat.id, None, QUESTION)
        reply = chats.start_reply(chat.id, question.id, "nano")
        raw = thinking + (f"</think>\n\n{answer}" if answer else "")
        chats.save_reply(reply.id, Reply(answer, thinking, raw, FinishReason.CANCELLED))
        return chat.id


async def test_the_answer_is_had_at_once_while_it_thinks(home: Path) -> None:
    engine = ScriptedEngine("Let ", "me ", "see. ", ANSWER, hold=2)
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, QUESTION)
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("alt+a")
        await until(pilot, lambda: not chat.busy)
        assert "</think>" in engine.inserted[0]
        assert ANSWER in replies(chat)[0].answer.text
        await shows(pilot, "thinking closed by you")


async def test_a_reply_that_was_cut_goes_on_in_its_place(home: Path) -> None:
    engine = ScriptedEngine(" make 132.")
    app = scripted_app(engine, home, chat_id=cut_chat(home, answer="47 and 85"))
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("alt+g")
        await until(pilot, lambda: engine.asked and not chat.busy)
        assert [reply.answer.text for reply in replies(chat)] == ["47 and 85 make 132."]
        assert replies(chat)[0].thinking.text == "Seven and five"
        assert engine.prefills[0].endswith("47 and 85")
    with store(home) as chats:
        assert [message.text for message in chats.branch(1)] == [QUESTION, "47 and 85 make 132."]


async def test_while_it_goes_on_what_was_there_stays_in_sight(home: Path) -> None:
    engine = ScriptedEngine(" make 132.", hold=0)
    app = scripted_app(engine, home, chat_id=cut_chat(home, answer="47 and 85"))
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("alt+g")
        await until(pilot, lambda: engine.asked)
        await shows(pilot, "47 and 85")
        assert len(replies(chat)) == 1
        engine.released.set()
        await shows(pilot, "47 and 85 make 132.")


async def test_a_reply_that_only_thought_is_answered_at_once(home: Path) -> None:
    engine = ScriptedEngine(ANSWER)
    app = scripted_app(engine, home, chat_id=cut_chat(home))
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("alt+a")
        await until(pilot, lambda: engine.asked and not chat.busy)
        assert "Seven and five" in engine.prefills[0]
        assert engine.prefills[0].rstrip().endswith("</think>")
        assert [reply.answer.text.strip() for reply in replies(chat)] == [ANSWER]


async def test_thinking_longer_gives_another_reply_that_begins_with_the_same_thinking(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        engine.pieces = (" is it?", "</think>\n\n", "Yes: 132.")
        await pilot.press("alt+l")
        await until(pilot, lambda: len(engine.asked) == 2 and not chat.busy)
        [reply] = replies(chat)
        assert reply.thinking.text.startswith(THINKING.strip())
        assert reply.thinking.text.endswith("is it?")
        assert reply.answer.text.strip() == "Yes: 132."
        await shows(pilot, "◀ 2/2 ▶")


async def test_what_came_to_its_end_is_left_alone_and_that_is_said(home: Path) -> None:
    engine = ScriptedEngine(*pieces(thinking=""))
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("alt+g")
        await shows(pilot, "There is no reply yet")
        await ask(pilot, QUESTION)
        await pilot.press("alt+g")
        await shows(pilot, "The last reply came to its end")
        await pilot.press("alt+l")
        await shows(pilot, "There is no thinking to go on with")
        assert len(engine.asked) == 1
        assert [reply.answer.text.strip() for reply in replies(chat)] == [ANSWER]


async def test_a_reply_whose_engine_dies_as_it_goes_on_keeps_what_it_had(home: Path) -> None:
    engine = ScriptedEngine(error=EngineError("The engine died."))
    app = scripted_app(engine, home, chat_id=cut_chat(home, answer="47 and 85"))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("alt+g")
        await shows(pilot, "The engine died.")
        chat = chat_of(app)
        await until(pilot, lambda: not chat.busy)
        assert [reply.answer.text for reply in replies(chat)] == ["47 and 85"]
        assert "stopped" in screen_text(app) or "interrupted" in screen_text(app)


async def test_a_budget_is_counted_down_while_it_thinks(home: Path) -> None:
    engine = ScriptedEngine(*(f"{number} " for number in range(40)), hold=10)
    app = scripted_app(engine, home, config=Config(effort=100))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await send(pilot, QUESTION)
        await shows(pilot, "10 of 100 tokens")
        engine.released.set()


async def test_a_cut_reply_says_how_to_go_on_as_long_as_it_is_the_last(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    app = scripted_app(engine, home, chat_id=cut_chat(home))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "Alt+G go on   Alt+A answer now")
        await ask(pilot, "And 1 more?")
        await until(pilot, lambda: "Alt+G" not in screen_text(app))


async def test_an_offer_can_be_clicked(home: Path) -> None:
    engine = ScriptedEngine(" make 132.")
    app = scripted_app(engine, home, chat_id=cut_chat(home, answer="47 and 85"))
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await shows(pilot, "Alt+G go on")
        await pilot.click(replies(chat)[0].query_one(Hints), offset=(2, 0))
        await until(pilot, lambda: "47 and 85 make 132." in screen_text(app))
