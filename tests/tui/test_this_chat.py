"""What a chat is set to: instructions, effort and sampling of its own, by hand or by a preset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.config import Config
from localr1.config_sources import load_config
from localr1.presets import Presets
from localr1.tui.app import LocalR1App
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.presets import PresetsScreen
from localr1.tui.screens.this_chat import ThisChatScreen
from localr1.tui.widgets.instructions import Instructions
from tests.fakes import ScriptedEngine
from tests.tui.chatting import ask, opened, paths_of, pieces, press_at_once, scripted_app, shows, store, until
from tests.tui.test_settings import line_of, write

OPTIONS = ChatOptions(instructions="Answer in rhymes.", effort="low", temperature=0.9)
QUESTION = "What is 47 + 85?"


def app_of(home: Path, **settings: Any) -> LocalR1App:
    return scripted_app(ScriptedEngine(*pieces()), home, config=Config(**settings))


async def show_chat(pilot: Pilot[None]) -> None:
    await opened(pilot)
    await pilot.press("f3")
    await until(pilot, lambda: isinstance(pilot.app.screen, ThisChatScreen))


async def leave(pilot: Pilot[None]) -> None:
    await pilot.press("escape")
    await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))


def options(home: Path) -> ChatOptions:
    """Of the one chat that there is."""
    with store(home) as chats:
        [chat] = chats.list()
        return chats.options(chat.id)


async def test_each_value_is_shown_with_where_it_comes_from(home: Path) -> None:
    app = app_of(home, top_p=0.8)
    async with app.run_test(size=(100, 30)) as pilot:
        await show_chat(pilot)
        assert line_of(app, "temperature")[1:] == ["0.6", "the", "model's", "makers"]
        assert line_of(app, "top_p")[1:] == ["0.8", "the", "command", "line"]
        await pilot.press("down", "down")
        await write(pilot, "0.7")
        await until(pilot, lambda: line_of(app, "top_p")[1:] == ["0.7", "this", "chat"])


async def test_instructions_are_kept_with_the_chat_and_said_to_go_where_r1_wants_them(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    app = scripted_app(engine, home)
    async with app.run_test(size=(100, 30)) as pilot:
        await show_chat(pilot)
        await shows(pilot, "They go into your first message, as R1's makers advise.")
        app.screen.query_one(Instructions).focus()
        await pilot.press(*"Xpx", "enter", *"always")
        await leave(pilot)
        await ask(pilot, QUESTION)
    assert options(home).instructions == "Xpx\nalways"
    assert [message.content for message in engine.asked[0]] == [f"Xpx\nalways\n\n{QUESTION}"]


async def test_instructions_are_kept_when_the_app_ends_over_them(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 30)) as pilot:
        await ask(pilot, QUESTION)
        await show_chat(pilot)
        app.screen.query_one(Instructions).focus()
        await press_at_once(pilot, "Rhyme")
        await pilot.press("ctrl+q")
    assert options(home).instructions == "Rhyme"


async def test_values_hold_for_this_chat_and_not_for_the_next_one(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 30)) as pilot:
        await show_chat(pilot)
        await write(pilot, "high")
        await pilot.press("down")
        await write(pilot, "0.2")
        await leave(pilot)
        await ask(pilot, QUESTION)
        await pilot.press("ctrl+n")
        await show_chat(pilot)
        assert line_of(app, "temperature")[1] == "0.6"
    assert options(home) == ChatOptions(effort="high", temperature=0.2)


async def test_what_cannot_be_used_is_said(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 30)) as pilot:
        await show_chat(pilot)
        await write(pilot, "enormous")
        await shows(pilot, "effort must be")


async def test_x_brings_one_default_back_and_a_large_x_all_of_them(home: Path) -> None:
    with store(home) as chats:
        chat = chats.create(title="Rhymes", options=OPTIONS)
    app = scripted_app(ScriptedEngine(), home, chat_id=chat.id, config=Config(effort="medium"))
    async with app.run_test(size=(100, 30)) as pilot:
        await show_chat(pilot)
        await pilot.press("x")
        await until(pilot, lambda: line_of(app, "effort")[1] == "medium")
        assert line_of(app, "temperature")[1] == "0.9"
        await pilot.press("X")
        await until(pilot, lambda: line_of(app, "temperature")[1] == "0.6")
    assert options(home) == ChatOptions(instructions="Answer in rhymes.", effort="medium")


async def test_a_preset_sets_the_chat_to_all_that_it_holds(home: Path) -> None:
    Presets(paths_of(home).presets_file).save("poet", OPTIONS)
    app = app_of(home)
    async with app.run_test(size=(100, 30)) as pilot:
        await show_chat(pilot)
        await pilot.press("p")
        await shows(pilot, "poet")
        await pilot.press("down", "enter")
        await until(pilot, lambda: line_of(app, "temperature")[1] == "0.9")
        assert app.screen.query_one(Instructions).text == "Answer in rhymes."
        await leave(pilot)
        await ask(pilot, QUESTION)
    assert options(home) == OPTIONS


async def test_a_chat_becomes_a_preset_that_can_be_removed_again(home: Path) -> None:
    with store(home) as chats:
        chat = chats.create(title="Rhymes", options=OPTIONS)
    presets = Presets(paths_of(home).presets_file)
    app = scripted_app(ScriptedEngine(), home, chat_id=chat.id)
    async with app.run_test(size=(100, 30)) as pilot:
        await show_chat(pilot)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, PresetsScreen))
        await pilot.press("s")
        await shows(pilot, "A name for this preset")
        await press_at_once(pilot, "poet")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PresetsScreen))
        assert presets.find("poet").options == OPTIONS
        await pilot.press("d")
        await shows(pilot, "Remove the preset “poet”?")
        await pilot.press("y")
        await until(pilot, lambda: "poet" not in [preset.name for preset in presets.all()])


async def test_a_preset_of_localr1_stays(home: Path) -> None:
    app = app_of(home)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await show_chat(pilot)
        await pilot.press("p")
        await shows(pilot, "translator")
        await pilot.press("d")
        await shows(pilot, "comes with localr1")


async def test_what_a_new_chat_is_set_to_outlasts_a_change_of_its_model(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    app = scripted_app(engine, home)
    async with app.run_test(size=(100, 30)) as pilot:
        await show_chat(pilot)
        await pilot.press("down")
        await write(pilot, "0.2")
        await leave(pilot)
        chat = await opened(pilot)
        await chat.use("nano").wait()
        await ask(pilot, QUESTION)
    assert options(home) == ChatOptions(temperature=0.2)


async def test_a_run_can_begin_its_chats_with_a_preset(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home, preset=OPTIONS)
    async with app.run_test(size=(100, 30)) as pilot:
        await ask(pilot, QUESTION)
    assert options(home) == OPTIONS


async def test_markup_in_names_and_instructions_is_text(home: Path) -> None:
    hostile = "[/] [@click=app.quit]x \x1b]52;c;AAAA\x07"
    Presets(paths_of(home).presets_file).save("[b]", NO_OPTIONS)
    with store(home) as chats:
        chat = chats.create(title="Rhymes", options=ChatOptions(instructions=hostile))
    app = scripted_app(ScriptedEngine(), home, chat_id=chat.id)
    async with app.run_test(size=(100, 30)) as pilot:
        await show_chat(pilot)
        await shows(pilot, "[/] [@click=app.quit]x ␛]52")
        await leave(pilot)
        assert options(home).instructions == hostile
        await show_chat(pilot)
        await pilot.press("p")
        await shows(pilot, "[b]")


async def test_sampling_that_is_kept_for_the_model_holds_in_its_other_chats_until_it_is_taken_back(
    home: Path,
) -> None:
    engine = ScriptedEngine(*pieces())
    app = scripted_app(engine, home)
    async with app.run_test(size=(100, 30)) as pilot:
        await show_chat(pilot)
        await pilot.press("down")
        await write(pilot, "0.2")
        await pilot.press("m")
        await until(pilot, lambda: line_of(app, "temperature")[1:] == ["0.2", "this", "model"])
        await leave(pilot)
        await ask(pilot, QUESTION)
        assert engine.sampled[-1].temperature == 0.2
        await pilot.press("ctrl+n")
        await show_chat(pilot)
        assert line_of(app, "temperature")[1:] == ["0.2", "this", "model"]
        await pilot.press("m")
        await until(pilot, lambda: line_of(app, "temperature")[1] == "0.6")
    assert load_config(paths_of(home).config_file, {}).sampling == {}
    assert options(home) == ChatOptions()
