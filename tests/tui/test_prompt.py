"""The prompt: what its keys do, and what may be pasted into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.events import Key, Paste
from textual.pilot import Pilot

from localr1.tui.app import QUIT_SECONDS
from localr1.tui.screens.help import HelpScreen
from localr1.tui.widgets.prompt import Prompt
from localr1.tui.widgets.user_message import UserMessage
from tests.fakes import ScriptedEngine
from tests.tui.chatting import Clock, ask, opened, pieces, scripted_app, shows, until


class PromptApp(App[None]):
    """A prompt alone."""

    def __init__(self) -> None:
        super().__init__()
        self.prompt = Prompt()
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.prompt

    def on_prompt_sent(self, event: Prompt.Sent) -> None:
        self.sent.append(event.text)


async def paste(pilot: Pilot[None], text: str) -> None:
    assert pilot.app.focused
    pilot.app.focused.post_message(Paste(text))
    await pilot.pause()


@pytest.mark.parametrize("key", ["shift+enter", "ctrl+j", "alt+enter"])
async def test_enter_sends_and_other_keys_start_a_line(key: str) -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press("a", key, "b", "enter")
        await pilot.pause()
    assert app.sent == ["a\nb"]


async def test_white_space_is_not_sent() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press("space", "ctrl+j", "enter")
        await pilot.pause()
    assert app.sent == []


async def test_a_paste_loses_its_control_characters_and_keeps_its_lines() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await paste(pilot, "one\r\ntwo\rthree\x1b]52;c;aGk=\x07")
        await until(pilot, lambda: app.prompt.text)
    assert app.prompt.text == "one\ntwo\nthree␛]52;c;aGk=␇"


async def test_the_prompt_grows_to_eight_lines(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        heights = []
        for _ in range(10):
            await pilot.press("ctrl+j")
            await pilot.pause()
            heights.append(chat.prompt.content_size.height)
        assert heights == [2, 3, 4, 5, 6, 7, 8, 8, 8, 8]


async def test_a_question_mark_asks_for_help_only_where_nothing_is_written(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("a", "?")
        assert chat.prompt.text == "a?"
        chat.prompt.clear()
        await pilot.press("?")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await shows(pilot, "Shift+Enter")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is chat)
        assert chat.prompt.has_focus


async def test_a_click_in_the_conversation_leaves_the_focus_in_the_prompt(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("h", "i", "enter")
        await until(pilot, lambda: chat.query(UserMessage) and not chat.busy)
        await pilot.click("UserMessage")
        assert chat.prompt.has_focus


async def test_a_letter_with_alt_is_a_key_and_writes_nothing(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, "What is 47 + 85?")
        app.post_message(Key("alt+t", "t"))
        await shows(pilot, "The tens")
        assert chat.prompt.text == ""


async def test_ctrl_d_deletes_what_is_written_and_quits_an_empty_prompt_at_the_second_time(
    home: Path,
) -> None:
    clock = Clock()
    app = scripted_app(ScriptedEngine(), home, clock=clock)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("a", "b", "home", "ctrl+d", "ctrl+d")
        assert (chat.prompt.text, chat.status.flashed) == ("", "")
        await pilot.press("delete", "delete")
        assert chat.status.flashed == ""
        await pilot.press("ctrl+d")
        assert chat.status.flashed == "Ctrl+D once more quits"
        clock.now += QUIT_SECONDS
        await pilot.press("ctrl+d")
        assert app.is_running
        await pilot.press("ctrl+d")
    assert app.return_code == 0
    assert not app.is_running


async def test_ctrl_d_lets_a_reply_run(home: Path) -> None:
    engine = ScriptedEngine(*pieces(), hold=2)
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press("h", "i", "enter")
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("ctrl+d")
        await shows(pilot, "Ctrl+D once more quits")
        engine.released.set()
        await until(pilot, lambda: not chat.busy)
        await shows(pilot, "132")
