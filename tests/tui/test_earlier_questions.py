"""An earlier question taken up by keys: edited as a branch, or deleted with all that followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from localr1.message import FinishReason, Reply
from localr1.saved_states import SavedStates
from localr1.tui.app import LocalR1App
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    chat_of,
    opened,
    paths_of,
    pieces,
    screen_text,
    scripted_app,
    shows,
    store,
    until,
)


@pytest.fixture
def app(home: Path) -> LocalR1App:
    """A chat of three exchanges."""
    with store(home) as chats:
        chat = chats.create(title="Numbers", model="nano")
        parent = None
        for number in ("one", "two", "three"):
            question = chats.add_user_message(chat.id, parent, f"question {number}")
            reply = chats.start_reply(chat.id, question.id, "nano")
            answer = f"answer {number}"
            chats.save_reply(reply.id, Reply(answer, "", answer, FinishReason.STOP))
            parent = reply.id
    return scripted_app(ScriptedEngine(*pieces(answer="answer new")), home, chat_id=chat.id)


async def read(pilot: Pilot[None], *keys: str) -> None:
    """Press keys in the conversation, once it is known what stands where."""
    await pilot.press("tab")
    await until(pilot, lambda: chat_of(pilot.app).conversation.current is not None)
    await pilot.press(*keys)


def texts(home: Path) -> list[str]:
    with store(home) as chats:
        return [message.text.strip() for message in chats.branch(1)]


async def test_an_earlier_question_is_edited_and_what_followed_stays_on_its_branch(
    app: LocalR1App, home: Path
) -> None:
    async with app.run_test(size=(80, 30)) as pilot:
        chat = await opened(pilot)
        await read(pilot, "n", "n", "e")
        await until(pilot, lambda: chat.prompt.text == "question two")
        await pilot.press(*" new", "enter")
        await until(pilot, lambda: not chat.busy and "answer new" in screen_text(app))
        await shows(pilot, "◀ 2/2 ▶")
        shown = screen_text(app)
        assert "question two new" in shown
        assert "question three" not in shown
        assert texts(home) == ["question one", "answer one", "question two new", "answer new"]
        await pilot.press("alt+left")
        await shows(pilot, "answer three")
        assert texts(home)[-1] == "answer three"


async def test_a_question_is_deleted_with_all_that_followed_once_that_is_confirmed(
    app: LocalR1App, home: Path
) -> None:
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot)
        await read(pilot, "n", "n", "x")
        await shows(pilot, "3 messages after it")
        await pilot.press("y")
        await until(pilot, lambda: "question two" not in screen_text(app))
        assert "answer one" in screen_text(app)
        assert texts(home) == ["question one", "answer one"]


async def test_what_was_evaluated_of_a_deleted_question_is_kept_nowhere(app: LocalR1App, home: Path) -> None:
    states = SavedStates(paths_of(home).saved_states)
    with store(home) as chats:
        mine, another = chats.list()[0].id, chats.create().id
    files = [states.place(chat_id, "a model") for chat_id in (mine, another)]
    files[0].parent.mkdir(parents=True)
    for file in files:
        file.touch()
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot)
        await read(pilot, "x")
        await shows(pilot, "Delete this question?")
        await pilot.press("y")
        await until(pilot, lambda: not files[0].exists())
        assert files[1].exists()


async def test_no_is_what_the_other_keys_say(app: LocalR1App, home: Path) -> None:
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot)
        await read(pilot, "x")
        await shows(pilot, "Delete this question?")
        await pilot.press("enter")
        await until(pilot, lambda: "Delete this question?" not in screen_text(app))
        assert len(texts(home)) == 6


async def test_the_first_question_goes_and_the_chat_can_go_on(app: LocalR1App, home: Path) -> None:
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot)
        await read(pilot, "g", "x")
        await shows(pilot, "5 messages after it")
        await pilot.press("y")
        await until(pilot, lambda: "question one" not in screen_text(app))
        chat_of(app).prompt.focus()
        await pilot.press(*"again", "enter")
        await until(pilot, lambda: "answer new" in screen_text(app) and not chat_of(app).busy)
        assert texts(home) == ["again", "answer new"]
