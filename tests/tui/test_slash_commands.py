"""Slash commands in the prompt."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from localr1.chat_options import ChatOptions
from localr1.commands import COMMANDS
from localr1.presets import Presets
from localr1.tui.app import LocalR1App
from localr1.tui.calls import SCREEN_COMMANDS
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.chats import ChatsScreen
from localr1.tui.screens.help import HelpScreen
from localr1.tui.screens.line import LineScreen
from localr1.tui.widgets.completion_list import CompletionList
from tests.fakes import ScriptedEngine
from tests.importing.foreign import FILES
from tests.tui.chatting import (
    PLAIN,
    ask,
    chat_of,
    opened,
    paths_of,
    pieces,
    screen_text,
    scripted_app,
    send,
    shows,
    store,
    until,
)

QUESTION = "What is 47 + 85?"


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine(*pieces())


@pytest.fixture
def app(engine: ScriptedEngine, home: Path) -> LocalR1App:
    return scripted_app(engine, home)


def questions(home: Path) -> list[str]:
    with store(home) as chats:
        return [message.text for message in chats.branch(1)[::2]]


async def test_a_slash_lists_every_command_of_the_screen_and_letters_narrow_it_down(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("slash")
        found = app.screen.query_one(CompletionList)
        await until(pilot, lambda: found.option_count == len(set(SCREEN_COMMANDS.values())))
        await pilot.press(*"retr")
        await until(pilot, lambda: found.option_count == 1)
        await shows(pilot, "get another reply to the last question")


async def test_tab_writes_a_command_and_enter_runs_it(app: LocalR1App) -> None:
    async with app.run_test() as pilot:
        chat = await opened(pilot)
        await pilot.press(*"/hel")
        await shows(pilot, "show this help")
        await pilot.press("tab")
        assert chat.prompt.text == "/help"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        assert chat.prompt.text == ""


async def test_what_follows_a_command_is_offered_too(app: LocalR1App, home: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press(*"/theme gruv")
        await shows(pilot, "gruvbox")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: app.theme == "gruvbox")
        assert chat.prompt.text == ""
    assert 'theme = "gruvbox"' in paths_of(home).config_file.read_text()


async def test_models_and_chats_are_offered_by_name(app: LocalR1App, home: Path) -> None:
    with store(home) as chats:
        chats.create(title="Apples [/]")
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await pilot.press(*"/model ")
        await shows(pilot, "Q8_0")
        chat.prompt.load_text("")
        await pilot.press(*"/open ")
        await shows(pilot, "1 Apples [/]")


async def test_an_unknown_command_says_so_and_stays_in_the_prompt(
    app: LocalR1App, engine: ScriptedEngine
) -> None:
    async with app.run_test(size=(100, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "/retyr")
        await shows(pilot, "There is no command /retyr. Did you mean /retry?")
        assert chat.prompt.text == "/retyr"
    assert engine.asked == []


@pytest.mark.parametrize(
    ("written", "sent"), [("/etc/passwd is what?", "/etc/passwd is what?"), ("//help me", "/help me")]
)
async def test_a_path_is_sent_and_so_is_a_command_with_one_more_slash(
    app: LocalR1App, home: Path, written: str, sent: str
) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, written)
    assert questions(home) == [sent]


async def test_a_question_that_looks_like_a_command_can_be_recalled_and_edited(
    app: LocalR1App, home: Path
) -> None:
    async with app.run_test() as pilot:
        chat = await ask(pilot, "//help me")
        await pilot.press("up")
        await until(pilot, lambda: chat.prompt.text == "//help me")
        chat.prompt.load_text("")
        await pilot.press("alt+e")
        await until(pilot, lambda: chat.prompt.text == "/help me")
        await pilot.press("x", "enter")
        await until(pilot, lambda: not chat.busy and not chat.prompt.text)
    assert questions(home) == ["/help mex"]


async def test_retry_and_edit_take_turns(app: LocalR1App, engine: ScriptedEngine, home: Path) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        await send(pilot, "/retry")
        await shows(pilot, "◀ 2/2 ▶")
        await until(pilot, lambda: not chat.busy)
        await send(pilot, "/edit What is 1 + 1?")
        await until(pilot, lambda: len(engine.asked) == 3 and not chat.busy)
    assert questions(home) == ["What is 1 + 1?"]


async def test_a_chat_is_renamed_exported_and_left(app: LocalR1App, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.md"
    async with app.run_test(size=(100, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        await send(pilot, "/rename Sums [b]")
        await shows(pilot, "this chat is now “Sums [b]”")
        await send(pilot, f"/export {file}")
        await shows(pilot, "written to")
        await send(pilot, "/new")
        await shows(pilot, "Everything stays on this machine.")
        await send(pilot, "/open 1")
        await shows(pilot, QUESTION)
        await send(pilot, "/open 99")
        await shows(pilot, "There is no chat 99")
        assert QUESTION in screen_text(app)
        assert not chat.busy
    assert file.read_text().startswith(f"# Sums [b]\n\n## You\n\n{QUESTION}\n")


async def test_chats_of_another_program_come_and_can_be_opened(app: LocalR1App, tmp_path: Path) -> None:
    (tmp_path / "conversations.json").write_bytes((FILES / "chatgpt.json").read_bytes())
    async with app.run_test() as pilot:
        await opened(pilot)
        await send(pilot, f"/import {tmp_path}")
        await shows(pilot, "1 new chat, 5 new messages")
        await send(pilot, "/open 1")
        await shows(pilot, "Thanks 🦀")
        await send(pilot, "/import /dev/null")
        await shows(pilot, "/dev/null is a device")


async def test_a_chat_in_which_nothing_was_said_has_nothing_to_rename_or_export(app: LocalR1App) -> None:
    async with app.run_test() as pilot:
        await opened(pilot)
        for command in ("/rename x", "/export"):
            await send(pilot, command)
            await shows(pilot, "Nothing has been said")
            chat_of(app).status.flash("")


async def test_commands_open_their_screens(app: LocalR1App) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, QUESTION)
        for command, screen in (("/chats", ChatsScreen), ("/rename", LineScreen), ("/help", HelpScreen)):
            await send(pilot, command)
            await until(pilot, partial(lambda wanted: isinstance(app.screen, wanted), screen))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, ChatScreen))


async def test_a_part_of_the_chat_is_copied_by_its_name(app: LocalR1App) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, QUESTION)
        await send(pilot, "/copy answer")
        await shows(pilot, "copied")
        assert "132" in app.clipboard


async def test_quit_ends_the_app(app: LocalR1App) -> None:
    async with app.run_test() as pilot:
        await opened(pilot)
        await send(pilot, "/bye")
        await until(pilot, lambda: not app.is_running)


async def test_a_theme_that_is_none_changes_nothing(app: LocalR1App) -> None:
    async with app.run_test() as pilot:
        await opened(pilot)
        await send(pilot, "/theme [/]")
        await shows(pilot, "there is no theme [/]")
        assert app.theme == PLAIN.theme


def test_every_slash_command_says_what_it_does_in_words_that_fit() -> None:
    for command in COMMANDS:
        assert 0 < len(command.does) <= 38


async def test_the_effort_and_the_instructions_of_the_chat_are_set(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        await ask(pilot, "First?")
        await send(pilot, "/effort 300")
        await shows(pilot, "the effort of this chat is 300 now")
        await send(pilot, "/system Be brief.")
        await shows(pilot, "the chat has its instructions")
        await send(pilot, "/effort much")
        await shows(pilot, "There is no effort 'much'")
    with store(home) as chats:
        assert chats.options(1) == ChatOptions(effort=300, instructions="Be brief.")


async def test_the_chat_is_set_to_a_preset(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    async with scripted_app(engine, home).run_test(size=(80, 24)) as pilot:
        await ask(pilot, "First?")
        await send(pilot, "/preset translator")
        await shows(pilot, "this chat is set to translator")
        await send(pilot, "/preset nothing")
        await shows(pilot, "There is no preset")
    with store(home) as chats:
        assert chats.options(1) == Presets(paths_of(home).presets_file).find("translator").options


@pytest.mark.parametrize("name", ["temporary", "private"])
async def test_a_chat_that_leaves_no_trace_begins_by_its_name(app: LocalR1App, home: Path, name: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await send(pilot, f"/{name}")
        await shows(pilot, "A temporary chat")
        await ask(pilot, QUESTION)
    with store(home) as chats:
        assert chats.list() == []
