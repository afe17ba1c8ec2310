"""Old chats in the app: out of sight when it starts, back with a key, gone when it ends."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from localr1.config import Config
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.tui.app import LocalR1App
from tests.fakes import ScriptedEngine
from tests.faults.scripts import files_with
from tests.tui.chatting import opened, paths_of, pieces, scripted_app, shows, store, until

MARKER = "xyzzy-plugh"


@pytest.fixture
def old(home: Path) -> Path:
    """A home with two chats of long ago."""
    with store(home) as chats:
        for _ in range(2):
            chats.add_user_message(chats.create(title=MARKER).id, None, MARKER)
    return home


def an_app(home: Path, *, days: int = 90, chat_id: int | None = None) -> LocalR1App:
    return scripted_app(ScriptedEngine(*pieces()), home, config=Config(forget_after=days), chat_id=chat_id)


def count(home: Path) -> int:
    with closing(Database.open(paths_of(home).database)) as database:
        return len(Chats(database).list())


async def test_old_chats_are_forgotten_and_the_status_line_says_so(old: Path) -> None:
    async with an_app(old).run_test() as pilot:
        await shows(pilot, "2 old chats forgotten")
        assert files_with(MARKER, old) != set()
    assert files_with(MARKER, old) == set()


async def test_u_brings_forgotten_chats_back(old: Path) -> None:
    async with an_app(old).run_test() as pilot:
        await shows(pilot, "2 old chats forgotten")
        await pilot.press("ctrl+o", "u")
        await shows(pilot, "is back")
    assert count(old) == 1


async def test_the_chat_that_is_open_stays(old: Path) -> None:
    async with an_app(old, chat_id=1).run_test() as pilot:
        await shows(pilot, "1 old chat forgotten")
        await until(pilot, lambda: count(old) == 1)


async def test_without_the_setting_all_chats_stay(old: Path) -> None:
    async with an_app(old, days=0).run_test() as pilot:
        chat = await opened(pilot)
        assert not chat.status.flashed
    assert count(old) == 2
