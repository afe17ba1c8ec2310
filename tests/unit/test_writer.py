"""Writing beside an event loop: other programs are waited for, and everything else goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from localr1.errors import BusyError
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.writer import Writer
from tests.tui.chatting import Clock

FOR_EVER = 600.0
"""Seconds; no test lasts as long."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chats.db"


@pytest.fixture
def ours(path: Path) -> Iterator[Database]:
    with closing(Database.open(path, busy_timeout=FOR_EVER)) as database:
        yield database


@pytest.fixture
def theirs(path: Path, ours: Database) -> Iterator[Database]:
    with closing(Database.open(path)) as database:
        yield database


async def begun(work: asyncio.Task[object]) -> None:
    """Let a write be tried."""
    await asyncio.sleep(0)
    assert not work.done()


async def test_what_waits_for_another_program_is_written_as_soon_as_that_is_done(
    ours: Database, theirs: Database
) -> None:
    chats = Chats(ours)
    with theirs.transaction():
        writing = asyncio.create_task(chats.writer.write(partial(chats.create, title="late"), FOR_EVER))
        await begun(writing)
        assert chats.list() == []
    assert (await asyncio.wait_for(writing, 30)).title == "late"
    assert [chat.title for chat in Chats(theirs).list()] == ["late"]


async def test_writes_keep_their_order(ours: Database, theirs: Database) -> None:
    chats = Chats(ours)
    with theirs.transaction():
        writing = [
            asyncio.create_task(chats.writer.write(partial(chats.create, title=str(number)), FOR_EVER))
            for number in range(5)
        ]
        await begun(writing[0])
    made = await asyncio.wait_for(asyncio.gather(*writing), 30)
    assert [chat.title for chat in sorted(made, key=lambda chat: chat.id)] == ["0", "1", "2", "3", "4"]


async def test_the_wait_is_bounded_and_said_after_a_moment(ours: Database, theirs: Database) -> None:
    clock = Clock()
    writer = Writer(ours.without_waiting, clock)
    with theirs.transaction():
        writing = asyncio.create_task(writer.write(Chats(ours).create, 5.0))
        await begun(writing)
        assert not writer.waiting
        clock.now += 1
        assert writer.waiting
        clock.now += 5
        with pytest.raises(BusyError):
            await asyncio.wait_for(writing, 30)
    assert not writer.waiting
    assert Chats(theirs).list() == []


async def test_a_write_that_is_cancelled_while_it_waits_writes_nothing(
    ours: Database, theirs: Database
) -> None:
    with theirs.transaction():
        writing = asyncio.create_task(ours.writer.write(Chats(ours).create, FOR_EVER))
        await begun(writing)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    await asyncio.sleep(0.05)
    assert Chats(theirs).list() == []


async def test_what_may_not_be_lost_is_written_however_often_it_is_cancelled(
    ours: Database, theirs: Database
) -> None:
    with theirs.transaction():
        writing = asyncio.create_task(ours.writer.finish(Chats(ours).create))
        for _ in range(3):
            await begun(writing)
            writing.cancel()
        await begun(writing)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(writing, 30)
    assert len(Chats(theirs).list()) == 1


async def test_a_thread_that_waits_for_another_program_lets_the_others_read(
    ours: Database, theirs: Database
) -> None:
    chats = Chats(ours)
    with theirs.transaction():
        writing = asyncio.create_task(asyncio.to_thread(chats.create))
        await asyncio.sleep(0.1)
        assert chats.list() == []
        assert not writing.done()
    await asyncio.wait_for(writing, 30)
    assert len(chats.list()) == 1
