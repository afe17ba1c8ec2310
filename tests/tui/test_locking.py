"""Encrypted chats in the app: what stands in front of them, and what is left when they lock."""

from __future__ import annotations

import gc
import weakref
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from localr1.config import Config
from localr1.message import FinishReason
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.store.encryption import encrypt
from localr1.store.key_file import read_key
from localr1.store.sealed_key import Cost
from localr1.tui.app import LocalR1App
from localr1.tui.screens.chat import ChatScreen
from localr1.tui.screens.curtain import Curtain
from localr1.tui.screens.passphrase import PassphraseScreen
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    Clock,
    ask,
    chat_of,
    opened,
    paths_of,
    pictured,
    pieces,
    press_at_once,
    real_app,
    screen_text,
    scripted_app,
    send,
    shows,
    store,
    until,
)

CHEAP = Cost(n=16, r=8, p=1)
PASSPHRASE = "correct horse"
QUESTION = "What is my secret?"


@pytest.fixture
def encrypted(home: Path) -> Path:
    """A home whose chats are encrypted; there is one of them."""
    with store(home) as chats:
        chats.add_user_message(chats.create(title="Secrets").id, None, QUESTION)
    encrypt(paths_of(home).database, PASSPHRASE, cost=CHEAP)
    return home


def an_app(home: Path, *, hold: int | None = None, lock_after: int = 0, **more: Any) -> LocalR1App:
    engine = ScriptedEngine(*pieces(), hold=hold)
    return scripted_app(engine, home, config=Config(lock_after=lock_after), **more)


def opened_store(home: Path) -> Database:
    path = paths_of(home).database
    return Database.open(path, key=read_key(path, PASSPHRASE))


def is_locked(pilot: Pilot[None]) -> bool:
    return isinstance(pilot.app.screen, PassphraseScreen)


async def type_passphrase(pilot: Pilot[None], passphrase: str = PASSPHRASE) -> None:
    await until(pilot, lambda: is_locked(pilot) and not pilot.app.screen.query_one(Input).disabled)
    pilot.app.screen.query_one(Input).value = passphrase
    await pilot.press("enter")


async def lock(pilot: Pilot[None]) -> None:
    await pilot.press("alt+q")
    await until(pilot, lambda: is_locked(pilot))


async def test_the_passphrase_is_asked_before_anything_of_a_chat_is_shown(encrypted: Path) -> None:
    async with an_app(encrypted, chat_id=1).run_test() as pilot:
        await shows(pilot, "The chats are locked")
        assert QUESTION not in screen_text(pilot.app)
        await type_passphrase(pilot)
        await shows(pilot, QUESTION)


async def test_what_is_typed_is_not_shown(encrypted: Path) -> None:
    async with an_app(encrypted).run_test() as pilot:
        await until(pilot, lambda: is_locked(pilot))
        await press_at_once(pilot, "correct")
        await shows(pilot, "•••••••")
        assert "correct" not in screen_text(pilot.app)


async def test_a_wrong_passphrase_is_said_and_asked_again(encrypted: Path) -> None:
    async with an_app(encrypted).run_test() as pilot:
        await type_passphrase(pilot, "wrong horse")
        await shows(pilot, "not the passphrase")
        assert pilot.app.screen.query_one(Input).value == ""
        await type_passphrase(pilot)
        await opened(pilot)
        assert not is_locked(pilot)


async def test_esc_quits_and_nothing_was_opened(encrypted: Path) -> None:
    before = paths_of(encrypted).database.read_bytes()
    app = an_app(encrypted)
    async with app.run_test() as pilot:
        await until(pilot, lambda: is_locked(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: app._exit)
    assert paths_of(encrypted).database.read_bytes() == before


async def test_no_key_of_the_chat_leads_past_the_question(encrypted: Path) -> None:
    async with an_app(encrypted, chat_id=1).run_test() as pilot:
        await until(pilot, lambda: is_locked(pilot))
        for key in ("ctrl+o", "ctrl+l", "ctrl+n", "alt+c", "alt+q", "ctrl+r", "ctrl+t", "f1", "pageup"):
            await pilot.press(key)
        assert is_locked(pilot)


async def test_plain_chats_are_never_asked_about(home: Path) -> None:
    async with an_app(home).run_test() as pilot:
        await opened(pilot)
        await pilot.press("alt+q")
        await shows(pilot, "not encrypted")
        assert not is_locked(pilot)


async def test_a_key_that_was_given_opens_the_first_time_only(encrypted: Path) -> None:
    key = read_key(paths_of(encrypted).database, PASSPHRASE)
    async with an_app(encrypted, chat_id=1, key=key).run_test() as pilot:
        await shows(pilot, QUESTION)
        await lock(pilot)


async def test_alt_q_locks_at_once_and_the_same_chat_comes_back(encrypted: Path) -> None:
    async with an_app(encrypted).run_test() as pilot:
        await type_passphrase(pilot)
        chat = await ask(pilot, "47 + 85?")
        chat.prompt.insert("half a thought")
        await pilot.press("f1")
        await lock(pilot)
        assert "47 + 85" not in screen_text(pilot.app)
        await type_passphrase(pilot)
        await shows(pilot, "47 + 85?")
        assert (await opened(pilot)).prompt.text == "half a thought"


async def test_the_chat_is_hidden_before_anything_else_happens(encrypted: Path) -> None:
    async with an_app(encrypted, chat_id=1, hold=3).run_test() as pilot:
        await type_passphrase(pilot)
        await shows(pilot, QUESTION)
        await pilot.app.run_action("lock")
        await until(pilot, lambda: isinstance(pilot.app.screen, Curtain | PassphraseScreen))
        assert QUESTION not in screen_text(pilot.app)


async def test_a_reply_that_runs_is_stopped_and_saved_first(encrypted: Path) -> None:
    async with an_app(encrypted, hold=8).run_test() as pilot:
        await type_passphrase(pilot)
        chat = await opened(pilot)
        await send(pilot, "47 + 85?")
        await until(pilot, lambda: chat.status.reply_tokens == 8)
        await lock(pilot)
        with closing(opened_store(encrypted)) as database:
            _, reply = Chats(database).branch(2)
    assert reply.thinking
    assert reply.finish_reason is FinishReason.CANCELLED


async def test_nothing_of_the_chat_stays_in_the_app(encrypted: Path) -> None:
    async with an_app(encrypted).run_test() as pilot:
        await type_passphrase(pilot)
        chat = await ask(pilot, "47 + 85?")
        pilot.app.copy_to_clipboard("the answer")
        shown = [weakref.ref(widget) for widget in (chat, chat.conversation, *chat.conversation.children)]
        del chat
        await lock(pilot)
        await until(pilot, lambda: gc.collect() >= 0 and not any(widget() for widget in shown))
        assert pilot.app.clipboard == ""


async def test_a_slash_command_locks_as_well(encrypted: Path) -> None:
    async with an_app(encrypted).run_test() as pilot:
        await type_passphrase(pilot)
        await opened(pilot)
        await send(pilot, "/lock")
        await until(pilot, lambda: is_locked(pilot))


async def test_a_temporary_chat_ends_when_it_locks(encrypted: Path) -> None:
    async with an_app(encrypted).run_test() as pilot:
        await type_passphrase(pilot)
        chat = await opened(pilot)
        await chat.open(None, temporary=True).wait()
        await ask(pilot, "Shall I tell you?")
        await lock(pilot)
        await type_passphrase(pilot)
        await opened(pilot)
        assert "Shall I tell you?" not in screen_text(pilot.app)


async def test_it_locks_itself_when_nobody_has_been_there_for_the_minutes_set(encrypted: Path) -> None:
    clock = Clock()
    async with an_app(encrypted, lock_after=5, idle_clock=clock).run_test() as pilot:
        await type_passphrase(pilot)
        await opened(pilot)
        clock.now += 299
        await pilot.press("x")
        clock.now += 299
        await pilot.app.run_action("lock_when_idle")
        assert not is_locked(pilot)
        clock.now += 1
        await until(pilot, lambda: is_locked(pilot))
    with closing(opened_store(encrypted)) as database:
        assert Drafts(database).get(None) == "x"


@pytest.mark.parametrize("lock_after", [0, 5])
async def test_what_is_plain_or_shall_not_lock_stays_open(home: Path, lock_after: int) -> None:
    if not lock_after:
        with store(home):
            pass
        encrypt(paths_of(home).database, PASSPHRASE, cost=CHEAP)
    clock = Clock()
    async with an_app(home, lock_after=lock_after, idle_clock=clock).run_test() as pilot:
        if not lock_after:
            await type_passphrase(pilot)
        await opened(pilot)
        clock.now += 1_000_000
        await pilot.app.run_action("lock_when_idle")
        await pilot.pause()
        assert not is_locked(pilot)


async def test_locking_ends_the_engines_process_and_what_it_knew(encrypted: Path) -> None:
    async with real_app(encrypted).run_test() as pilot:
        await type_passphrase(pilot)
        await ask(pilot, "What is 47 + 85?")
        runtime = await chat_of(pilot.app)._open.runtime()
        assert runtime.engine.pid
        await lock(pilot)
        await until(pilot, lambda: runtime.engine.pid is None)
        await type_passphrase(pilot)
        chat = await ask(pilot, "What is 1 + 1?")
        assert isinstance(chat, ChatScreen)
        assert "1 + 1 = 2" in screen_text(pilot.app)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
def test_the_question_looks_as_it_was_accepted(snap_compare: Any, encrypted: Path, theme: str) -> None:
    async def refused(pilot: Pilot[None]) -> None:
        await type_passphrase(pilot, "wrong horse")
        await shows(pilot, "not the passphrase")
        await press_at_once(pilot, "correct")
        await pilot.pause()

    app = an_app(encrypted, theme=theme)
    assert snap_compare(app, terminal_size=(80, 24), run_before=pictured(refused))
