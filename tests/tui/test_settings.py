"""The settings: shown with where they come from, changed with the keyboard, felt when they say so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from localr1.config import Config
from localr1.config_sources import load_config
from localr1.tui.app import LocalR1App
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.settings import SettingsScreen
from localr1.tui.widgets.value_list import ValueList
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    ask,
    chat_of,
    opened,
    paths_of,
    pieces,
    real_app,
    screen_text,
    scripted_app,
    shows,
    until,
)


def app_of(home: Path, **settings: Any) -> LocalR1App:
    return scripted_app(ScriptedEngine(*pieces()), home, config=Config(**settings))


async def show_settings(pilot: Pilot[None], name: str) -> None:
    """Open them, with the mark on one."""
    await opened(pilot)
    await pilot.press("f2")
    await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
    values = pilot.app.screen.query_one(ValueList)
    while not values.marked or values.marked.name != name:
        values.action_cursor_down()
    await pilot.pause()


async def write(pilot: Pilot[None], text: str) -> None:
    """Change the marked value."""
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.focused, Input))
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")


def line_of(app: LocalR1App, name: str) -> list[str]:
    """The words of a setting's line."""
    [line] = [line for line in screen_text(app).splitlines() if line.strip().startswith(f"{name} ")]
    return line.split()


def kept(home: Path) -> Config:
    return load_config(paths_of(home).config_file, {})


async def test_each_setting_is_shown_with_its_value_and_where_it_comes_from(home: Path) -> None:
    file = paths_of(home).config_file
    file.parent.mkdir(parents=True)
    file.write_text("threads = 3\n")
    app = app_of(home, seed=7)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "seed")
        assert line_of(app, "threads") == ["threads", "3", "config.toml"]
        assert line_of(app, "seed") == ["seed", "7", "the", "command", "line"]
        assert line_of(app, "memory_check") == ["memory_check", "true", "default"]
        await shows(pilot, "The command line holds in this run; config.toml says nothing.")
    assert file.read_text() == "threads = 3\n"


async def test_a_change_is_written_and_holds_for_the_next_reply(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    app = scripted_app(engine, home)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "temperature")
        await write(pilot, "0.25")
        await until(pilot, lambda: line_of(app, "temperature")[1:] == ["0.25", "config.toml"])
        await pilot.press("escape")
        await ask(pilot, "What is 47 + 85?")
    assert kept(home).temperature == 0.25
    assert [sampling.temperature for sampling in engine.sampled] == [0.25]


async def test_a_value_that_cannot_be_used_is_said_in_the_same_words_and_can_be_mended(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "temperature")
        await write(pilot, "9")
        await shows(pilot, "temperature must be a number from 0 to 5.")
        assert not paths_of(home).config_file.exists()
        await pilot.press("backspace", "1", "enter")
        await until(pilot, lambda: line_of(app, "temperature")[1] == "1")


async def test_a_template_that_does_not_exist_is_refused(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "chat_template")
        await write(pilot, "chatmI")
        await shows(pilot, "There is no chat template 'chatmI'.")
    assert not paths_of(home).config_file.exists()


async def test_esc_leaves_a_value_as_it_was_and_then_the_settings(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "threads")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press("9", "escape")
        assert line_of(app, "threads") == ["threads", "0", "default"]
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
    assert not paths_of(home).config_file.exists()


async def test_x_lets_the_default_hold_again_and_keeps_what_else_was_written(home: Path) -> None:
    file = paths_of(home).config_file
    file.parent.mkdir(parents=True)
    file.write_text("# mine\nthreads = 3\nseed = 1\n")
    app = app_of(home)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "threads")
        await pilot.press("x")
        await until(pilot, lambda: line_of(app, "threads") == ["threads", "0", "default"])
    assert file.read_text() == "# mine\nseed = 1\n"


async def test_enter_turns_a_truth_round(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "offline")
        await pilot.press("enter")
        await until(pilot, lambda: line_of(app, "offline")[1] == "true")
        await pilot.press("enter")
        await until(pilot, lambda: line_of(app, "offline")[1] == "false")
    assert kept(home).offline is False


async def test_a_theme_is_chosen_by_looking_and_kept(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "theme")
        await pilot.press("enter")
        await shows(pilot, "rose-pine-moon")
        await pilot.press("home", "enter")
        await until(pilot, lambda: line_of(app, "theme")[1] == "localr1-dark")
        assert app.theme == "localr1-dark"
        await pilot.press("x")
        await until(pilot, lambda: app.theme == "textual-dark")
    assert kept(home).theme == "textual-dark"


async def test_a_theme_that_the_command_line_goes_before_is_worn_and_said_not_to_last(home: Path) -> None:
    app = scripted_app(ScriptedEngine(), home, theme="nord")
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        await show_settings(pilot, "theme")
        await pilot.press("enter")
        await shows(pilot, "rose-pine-moon")
        await pilot.press("home", "enter")
        await shows(pilot, "The command line goes")
        assert app.theme == "localr1-dark"
    assert kept(home).theme == "localr1-dark"


async def test_a_context_holds_as_soon_as_the_model_is_loaded_again(home: Path) -> None:
    app = real_app(home)
    async with app.run_test(size=(100, 40)) as pilot:
        chat = await opened(pilot)
        before = chat.status.context
        await show_settings(pilot, "context")
        await pilot.press("l")
        assert isinstance(app.screen, SettingsScreen)
        await write(pilot, "512")
        await shows(pilot, "l load the model with it now")
        assert chat.status.context == before != 512
        await pilot.press("l")
        await until(pilot, lambda: chat.status.context == 512)


async def test_the_settings_can_be_used_on_a_very_small_screen(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(40, 10)) as pilot:
        await show_settings(pilot, "theme")
        await shows(pilot, "Colours of the chat")
        assert line_of(app, "theme") == ["theme", "textual-dark"]
        await pilot.press("home", "down")
        await write(pilot, "-5")
        await shows(pilot, "context must be")
        assert "-5" in screen_text(app)


async def test_another_model_answers_in_new_chats_whatever_was_chosen_before(home: Path, nano: Path) -> None:
    other = paths_of(home).models / "other.gguf"
    other.parent.mkdir(parents=True)
    other.symlink_to(nano)
    app = scripted_app(ScriptedEngine(*pieces()), home, model="nano")
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "model")
        await write(pilot, "qwen-1.5b")
        await shows(pilot, "is not on this machine")
        app.screen.query_one(Input).value = "other"
        await pilot.press("enter")
        await until(pilot, lambda: line_of(app, "model")[1] == "other")
        await pilot.press("escape", "ctrl+n")
        await until(pilot, lambda: chat_of(app).status.model == "other")
    assert kept(home).model == "other"


async def test_what_is_written_belongs_to_the_value_that_it_was_begun_for(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "threads")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.focused, Input))
        app.screen.query_one(ValueList).action_cursor_down()
        app.screen.query_one(Input).value = "3"
        await pilot.press("enter")
        await until(pilot, lambda: line_of(app, "threads")[1] == "3")
    assert kept(home) == Config(threads=3)


async def test_thinking_is_hidden_as_soon_as_the_settings_are_left(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 40)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        await show_settings(pilot, "thinking")
        await write(pilot, "hidden")
        await until(pilot, lambda: line_of(app, "thinking")[1] == "hidden")
        await pilot.press("escape")
        await until(pilot, lambda: chat_of(app).conversation.thinking_hidden)


@pytest.mark.parametrize(
    ("name", "keys", "value"),
    [
        ("thinking", ["up"], "hidden"),
        ("cache_type", ["down", "down", "down"], "q8_0"),
        ("effort", ["up"], "high"),
    ],
)
async def test_up_and_down_go_through_what_a_value_can_be(
    home: Path, name: str, keys: list[str], value: str
) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, name)
        await pilot.press("enter")
        await shows(pilot, "↑↓ choose")
        await pilot.press(*keys, "enter")
        await until(pilot, lambda: line_of(app, name)[1:] == [value, "config.toml"])


async def test_up_and_down_leave_a_value_as_it_is_where_there_is_nothing_to_choose_from(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 40)) as pilot:
        await show_settings(pilot, "threads")
        await pilot.press("enter")
        await shows(pilot, "Enter take it   Esc leave it")
        await pilot.press("down", "3", "enter")
        await until(pilot, lambda: line_of(app, "threads")[1] == "3")
