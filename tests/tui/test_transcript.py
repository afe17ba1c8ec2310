"""Long chats: drawn as they are scrolled to, without a jump of what is being read."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.user_message import UserMessage
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, chat_of, opened, pieces, screen_text, scripted_app, send, shows, until
from tests.tui.long_chat import fill, question

TURNS = 24
LONG = "\n\n".join(f"Paragraph {number}." for number in range(60))


def conversation(pilot: Pilot[None]) -> Conversation:
    return chat_of(pilot.app).query_one(Conversation)


def questions(pilot: Pilot[None]) -> list[str]:
    """The questions that are drawn."""
    return [message.text for message in conversation(pilot).query(UserMessage)]


async def settled(pilot: Pilot[None]) -> None:
    """Wait until no page is being drawn."""
    await pilot.pause()
    await until(pilot, lambda: not [work for work in pilot.app.workers if work.group == "page"])
    await pilot.pause()


async def test_a_long_chat_opens_at_its_end_and_draws_a_part_of_it(home: Path) -> None:
    chat_id = fill(home, TURNS)
    async with scripted_app(ScriptedEngine(), home, chat_id=chat_id).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, f"Answer number {TURNS - 1}.")
        assert len(questions(pilot)) < TURNS


async def test_all_of_a_long_chat_comes_by_scrolling_up_and_nothing_jumps(home: Path) -> None:
    chat_id = fill(home, TURNS)
    async with scripted_app(ScriptedEngine(), home, chat_id=chat_id).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await settled(pilot)
        seen = screen_text(pilot.app)
        while question(0) not in seen:
            await pilot.press("pageup")
            before = screen_text(pilot.app)
            await settled(pilot)
            assert screen_text(pilot.app) == before
            assert len(seen) < 1_000_000
            seen += before
        assert not [turn for turn in range(TURNS) if f"Answer number {turn}." not in seen]
        assert len(questions(pilot)) < TURNS


async def test_scrolling_down_again_ends_at_the_end(home: Path) -> None:
    chat_id = fill(home, TURNS)
    async with scripted_app(ScriptedEngine(), home, chat_id=chat_id).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+home")
        await shows(pilot, question(0))
        await settled(pilot)
        for _ in range(TURNS * 3):
            await pilot.press("pagedown")
            await settled(pilot)
            if conversation(pilot).following:
                break
        await shows(pilot, f"Answer number {TURNS - 1}.")
        await pilot.press("ctrl+home", "ctrl+end")
        await shows(pilot, f"Answer number {TURNS - 1}.")


async def test_a_message_in_the_midst_of_a_long_chat_can_be_gone_to(home: Path) -> None:
    chat_id = fill(home, TURNS)
    async with scripted_app(ScriptedEngine(), home, chat_id=chat_id).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        for turn in (15, 0, TURNS - 1, 16):
            await conversation(pilot).show_message(conversation(pilot).messages[2 * turn].id)
            await settled(pilot)
            assert question(turn) in screen_text(pilot.app)
        assert question(16) in screen_text(pilot.app).splitlines()[1]


async def test_a_question_from_the_midst_of_a_chat_leads_to_its_end(home: Path) -> None:
    chat_id = fill(home, TURNS)
    engine = ScriptedEngine(*pieces())
    async with scripted_app(engine, home, chat_id=chat_id).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("ctrl+home")
        await shows(pilot, question(0))
        await ask(pilot, "And now?")
        await shows(pilot, "And now?")
        await settled(pilot)
        await pilot.press("ctrl+home", "alt+y")
        assert "132" in pilot.app.clipboard


async def test_a_reply_that_ends_while_the_beginning_is_read_is_there_when_one_comes_back(home: Path) -> None:
    chat_id = fill(home, TURNS)
    engine = ScriptedEngine(*pieces(), hold=3)
    async with scripted_app(engine, home, chat_id=chat_id).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "And now?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("ctrl+home")
        await shows(pilot, question(0))
        before = screen_text(pilot.app).splitlines()[:15]
        engine.hold = None
        engine.released.set()
        await until(pilot, lambda: not chat.busy)
        await settled(pilot)
        assert screen_text(pilot.app).splitlines()[:15] == before
        await pilot.press("ctrl+end")
        await shows(pilot, "132")
        assert questions(pilot)[-2:] == [question(TURNS - 1), "And now?"]


async def test_another_reply_from_the_beginning_of_a_chat_goes_to_the_last_question(home: Path) -> None:
    chat_id = fill(home, TURNS)
    engine = ScriptedEngine(*pieces())
    async with scripted_app(engine, home, chat_id=chat_id).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("ctrl+home", "ctrl+r")
        await until(pilot, lambda: not chat.busy and engine.asked)
        await shows(pilot, "◀ 2/2 ▶")
        assert engine.asked[-1][-1].content == question(TURNS - 1)
        await pilot.press("ctrl+home")
        await shows(pilot, question(0))
        await pilot.press("alt+left")
        await shows(pilot, "◀ 1/2 ▶")


async def test_what_grows_below_is_said_and_the_words_lead_there(home: Path) -> None:
    engine = ScriptedEngine(*pieces(answer=LONG), hold=50)
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "Something long?")
        await until(pilot, lambda: conversation(pilot).max_scroll_y > 10)
        assert "new text" not in screen_text(pilot.app)
        await pilot.press("pageup")
        await shows(pilot, "↓ new text below")
        engine.hold = None
        engine.released.set()
        await until(pilot, lambda: not chat.busy)
        assert "new text" in screen_text(pilot.app)
        await pilot.click("NewText")
        await until(pilot, lambda: "new text" not in screen_text(pilot.app))
        await shows(pilot, "Paragraph 59.")
        assert conversation(pilot).following
