"""Damaged chats in the app: the backups it offers, and what becomes of them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static
from textual.worker import WorkerFailed

from localr1.errors import DamagedError
from localr1.store.backups import backup_path, list_backups
from localr1.store.chats import Chats
from localr1.store.copying import write_copy
from localr1.store.database import Database
from localr1.store.encryption import encrypt
from localr1.store.key_file import read_key
from localr1.store.manual_backup import back_up_now
from localr1.store.sealed_key import Cost
from localr1.tui.app import LocalR1App
from localr1.tui.screens.damaged import DamagedScreen
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    NOON,
    opened,
    paths_of,
    pictured,
    pieces,
    screen_text,
    scripted_app,
    shows,
    store,
    until,
)

CHEAP = Cost(n=16, r=8, p=1)
QUESTION = "What is kept?"


@pytest.fixture
def database(home: Path) -> Path:
    """A damaged database with a backup of yesterday, and one that is damaged too."""
    path = paths_of(home).database
    with store(home) as chats:
        chats.add_user_message(chats.create(title="Kept").id, None, QUESTION)
    yesterday = write_copy(path, backup_path(path, "2023-11-14"))
    os.utime(yesterday, (time.time() - 86_400,) * 2)
    older = backup_path(path, "2023-11-13")
    older.write_bytes(b"rubbish")
    os.utime(older, (NOON, NOON))
    path.write_bytes(b"rubbish")
    return path


def an_app(home: Path, **more: Any) -> LocalR1App:
    return scripted_app(ScriptedEngine(*pieces()), home, chat_id=1, **more)


def is_offered(pilot: Pilot[None]) -> bool:
    return isinstance(pilot.app.screen, DamagedScreen)


async def test_the_backup_of_yesterday_takes_the_place_of_damaged_chats(home: Path, database: Path) -> None:
    async with an_app(home).run_test() as pilot:
        await shows(pilot, "The chats are damaged")
        assert "yesterday" in screen_text(pilot.app)
        assert "chats.db is damaged" in str(pilot.app.screen.query_one("#remark", Static).content)
        await pilot.press("enter")
        await shows(pilot, QUESTION)
        await opened(pilot)
    [replaced] = [each for each in list_backups(database) if each.replaced]
    assert replaced.path.read_bytes() == b"rubbish"


async def test_a_backup_that_is_damaged_too_is_said_and_another_can_be_chosen(
    home: Path, database: Path
) -> None:
    async with an_app(home).run_test() as pilot:
        await until(pilot, lambda: is_offered(pilot))
        await pilot.press("down", "enter")
        await shows(pilot, "not put back")
        assert database.read_bytes() == b"rubbish"
        await pilot.press("up", "enter")
        await shows(pilot, QUESTION)


async def test_whoever_wants_no_backup_is_told_the_command_and_nothing_changes(
    home: Path, database: Path
) -> None:
    app = an_app(home)
    with pytest.raises(WorkerFailed):
        async with app.run_test() as pilot:
            await until(pilot, lambda: is_offered(pilot))
            await pilot.press("escape")
            await until(pilot, lambda: app.failure)
    assert isinstance(app.failure, DamagedError)
    assert "localr1 chats restore 2023-11-14" in app.failure.hint
    assert database.read_bytes() == b"rubbish"


async def test_damaged_chats_without_a_backup_end_the_app_with_the_error(home: Path, database: Path) -> None:
    for backup in list_backups(database):
        backup.remove()
    app = an_app(home)
    with pytest.raises(WorkerFailed):
        async with app.run_test() as pilot:
            await until(pilot, lambda: app.failure)
    assert isinstance(app.failure, DamagedError)


async def test_encrypted_chats_come_back_with_the_passphrase_that_was_typed(home: Path) -> None:
    path = paths_of(home).database
    with store(home) as chats:
        chats.add_user_message(chats.create().id, None, QUESTION)
    encrypt(path, "old", cost=CHEAP)
    database = Database.open(path, key=read_key(path, "old"))
    assert len(Chats(database).list()) == 1
    back_up_now(database)
    database.close()
    path.write_bytes(os.urandom(40_960))
    async with an_app(home).run_test() as pilot:
        await shows(pilot, "The chats are locked")
        pilot.app.screen.query_one(Input).value = "old"
        await pilot.press("enter")
        await until(pilot, lambda: is_offered(pilot))
        await pilot.press("enter")
        await shows(pilot, QUESTION)
    assert QUESTION.encode() not in path.read_bytes()


@pytest.mark.parametrize("size", [(80, 24), (40, 10)], ids=["80x24", "40x10"])
def test_the_offer_looks_as_it_was_accepted(
    snap_compare: Any, home: Path, database: Path, size: tuple[int, int]
) -> None:
    async def offered(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: is_offered(pilot))
        await pilot.pause()

    newest = list_backups(database)[0].path
    newest.write_bytes(bytes(90_000))
    os.utime(newest, (NOON, NOON))
    assert snap_compare(an_app(home), terminal_size=size, run_before=pictured(offered))
