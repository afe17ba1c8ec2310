"""Copying out of the chat: the text as it was written, and a word about where it went."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.geometry import Offset
from textual.pilot import Pilot

from localr1.desktop import Desktop
from localr1.message import FinishReason, Reply
from localr1.tui.app import LocalR1App
from localr1.tui.screens.copy import CopyScreen
from localr1.tui.widgets.answer import Answer
from localr1.tui.widgets.code import Code, CopyCorner
from localr1.tui.widgets.notice import ErrorNotice
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
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
from tests.tui.test_clipboard import TAKES, install, taken

CODE = "def f():\n\treturn '\x1b[31m🦀'\n"
ANSWER = f"Run\x07 this:\n\n```python\n{CODE}```\n\nor that:\n\n```sh\necho  two \n```\n"
THINKING = "\n  Let me\tsee…\x1b]0;x\x07\n\n"


@pytest.fixture
def app(home: Path) -> LocalR1App:
    """A chat in which one question was answered, with all that could go wrong on a screen."""
    with store(home) as chats:
        chat = chats.create(title="Crabs", model="nano")
        question = chats.add_user_message(chat.id, None, "How do I draw a crab?")
        reply = chats.start_reply(chat.id, question.id, "nano")
        chats.save_reply(reply.id, Reply(ANSWER, THINKING, "", FinishReason.STOP))
    return scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat.id)


async def copied(pilot: Pilot[None], *keys: str) -> str:
    """What lies in the clipboard once these keys have put something there."""
    await pilot.press(*keys)
    await shows(pilot, "copied")
    return pilot.app.clipboard


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["alt+y"], ANSWER),
        (["alt+k"], "echo  two \n"),
        (["alt+c", "y"], ANSWER),
        (["alt+c", "enter"], ANSWER),
        (["alt+c", "k"], "echo  two \n"),
        (["alt+c", "t"], THINKING),
        (["alt+c", "down", "down", "enter"], THINKING),
        (["alt+c", "c"], f"# Crabs\n\n## You\n\nHow do I draw a crab?\n\n## nano\n\n{ANSWER}"),
    ],
)
async def test_what_is_copied_is_what_was_written(app: LocalR1App, keys: list[str], text: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert await copied(pilot, *keys) == text
        assert f"copied {len(text)} characters (the terminal's clipboard)" in screen_text(app)


async def test_the_whole_chat_comes_with_its_thinking_where_that_is_wanted(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert ">   Let me\tsee…\x1b]0;x\x07\n" in await copied(pilot, "alt+c", "w")


async def test_messages_that_are_not_drawn_are_copied_with_the_chat(home: Path) -> None:
    with store(home) as chats:
        chat = chats.create(model="nano")
        parent = None
        for number in range(100):
            parent = chats.add_user_message(chat.id, parent, f"Message {number}.").id
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=chat.id)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "Message 0." in await copied(pilot, "alt+c", "c")


@pytest.mark.parametrize(("index", "source"), [(0, CODE), (1, "echo  two \n")])
async def test_a_click_in_its_corner_copies_a_block_of_code(app: LocalR1App, index: int, source: str) -> None:
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot)
        await shows(pilot, "echo")
        corner = app.screen.query(CopyCorner)[index]
        await pilot.click(corner, offset=(corner.size.width - 2, 0))
        await shows(pilot, f"copied {len(source)} characters")
        assert app.clipboard == source


async def test_a_click_beside_the_corner_copies_nothing(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot)
        await pilot.click(CopyCorner, offset=(5, 0))
        await pilot.pause()
        assert app.clipboard == ""


async def test_a_block_of_code_can_be_copied_while_it_grows(home: Path) -> None:
    engine = ScriptedEngine("ok</think>", "\n\n```python\nx = 1\n", "y", " = 2\n", hold=2)
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 30)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "Code, please")
        await until(pilot, lambda: list(chat.query(Code)))
        assert await copied(pilot, "alt+k") == "x = 1\n"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["alt+y"], "there is no answer to copy yet"),
        (["alt+k"], "there is no code to copy yet"),
        (["alt+c", "t"], "there is no thinking to copy yet"),
        (["alt+c", "c"], "there is no chat to copy yet"),
    ],
)
async def test_where_nothing_can_be_copied_it_says_so(home: Path, keys: list[str], said: str) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press(*keys)
        await shows(pilot, said)
        assert app.clipboard == ""


async def test_the_last_answer_is_one_that_says_something(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, "What is 47 + 85?")
        answer = chat.query_one(Answer).text
        engine.hold = 3
        await send(pilot, "And again?")
        await until(pilot, lambda: chat.status.state == "thinking")
        assert await copied(pilot, "alt+y") == answer


async def test_the_menu_is_left_without_copying(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("alt+c")
        await until(pilot, lambda: isinstance(app.screen, CopyScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is chat)
        assert app.clipboard == ""


async def test_a_program_of_the_desktop_is_named_when_it_took_the_text(home: Path, tmp_path: Path) -> None:
    program = install(tmp_path, "wl-copy", TAKES)
    desktop = Desktop(wayland=True, programs=str(tmp_path))
    app = scripted_app(ScriptedEngine(*pieces()), home, desktop=desktop)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, "What is 47 + 85?")
        answer = chat.query_one(Answer).text
        await pilot.press("alt+y")
        await shows(pilot, f"copied {len(answer)} characters (wl-copy)")
        assert taken(program) == app.clipboard == answer


async def mark(pilot: Pilot[None], start: Offset, end: Offset) -> None:
    """Draw the mouse over the screen with its button down."""
    await pilot.mouse_down(offset=start)
    await pilot.hover(offset=end)
    await pilot.mouse_up(offset=end)


async def test_text_that_the_mouse_has_marked_is_copied_without_the_corner(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 30)) as pilot:
        await opened(pilot)
        await shows(pilot, "echo")
        first, last = app.screen.query(Code)
        await mark(pilot, first.region.offset - Offset(0, 2), last.region.offset + Offset(20, 0))
        marked = await copied(pilot, "ctrl+c")
        assert marked.startswith("Run␇ this:")
        assert "def f()" in marked
        assert "or that:" in marked
        assert "copy" not in marked


async def test_marking_nothing_leaves_the_clipboard_as_it_is(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await copied(pilot, "alt+y")
        app.copy_to_clipboard("")
        assert app.clipboard == ANSWER


async def test_what_is_copied_in_the_prompt_reaches_the_desktop_too(home: Path, tmp_path: Path) -> None:
    program = install(tmp_path, "xclip", TAKES)
    app = scripted_app(ScriptedEngine(), home, desktop=Desktop(x11=True, programs=str(tmp_path)))
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        chat_of(app).prompt.insert("half a question")
        chat_of(app).prompt.select_all()
        await pilot.press("ctrl+c")
        await shows(pilot, "copied 15 characters (xclip)")
        assert taken(program) == "half a question"


async def test_a_chat_that_is_no_longer_there_is_said_to_be_gone(app: LocalR1App, home: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        with store(home) as chats:
            chats.delete(chats.list(1)[0].id)
        await pilot.press("alt+c", "c")
        await until(pilot, lambda: list(chat.query(ErrorNotice)))
        assert app.clipboard == ""
