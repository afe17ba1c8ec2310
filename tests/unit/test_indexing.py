"""The index of the search is completed step by step, and each step may be the last."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from localr1.message import FinishReason, Reply
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.indexing import STEP
from localr1.store.migrations import MIGRATIONS
from localr1.store.query import read_query
from localr1.store.search_schema import create_search
from localr1.store.tidying import tidied

MESSAGES = 3 * STEP + 5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A history from before there was a search, of messages that say which they are."""
    path = tmp_path / "chats.db"
    before = MIGRATIONS[: MIGRATIONS.index(create_search)]
    with closing(Database.open(path, migrations=before)) as database, database.transaction():
        database.execute("insert into chat (title, model, created_at) values ('old river', '', 0)")
        for number in range(1, MESSAGES + 1):
            database.execute(
                "insert into message (chat_id, role, text, created_at) values (1, 'user', ?, 0)",
                f"message-{number:03} of a river",
            )
    return path


def is_found(chats: Chats, number: int) -> bool:
    return bool(chats.search.find(read_query(f"message-{number:03}")))


def check_index(database: Database) -> None:
    database.execute("insert into message_search (message_search, rank) values ('integrity-check', 1)")


def test_the_first_start_leaves_the_messages_of_an_older_version_for_later(path: Path) -> None:
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        assert [hit.message_id for hit in chats.search.find(read_query("river"))] == [None]
        assert chats.search.indexed_share() == 0


def test_each_step_finds_more_from_the_newest_on(path: Path) -> None:
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        assert chats.search.indexing().step()
        assert is_found(chats, MESSAGES)
        assert is_found(chats, MESSAGES - STEP + 1)
        assert not is_found(chats, MESSAGES - STEP)
        assert chats.search.indexed_share() == pytest.approx(STEP / MESSAGES)
        check_index(database)


def test_what_one_program_has_indexed_the_next_one_does_not_index_again(path: Path) -> None:
    for _ in range(MESSAGES // STEP):
        with closing(Database.open(path)) as database:
            assert Chats(database).search.indexing().step()
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        indexing = chats.search.indexing()
        assert indexing.step()
        assert not indexing.step()
        assert all(is_found(chats, number) for number in (1, STEP, MESSAGES))
        assert chats.search.indexed_share() == 1
        check_index(database)


def test_two_programs_index_at_the_same_time(path: Path) -> None:
    with closing(Database.open(path)) as one, closing(Database.open(path)) as other:
        ours, theirs = Chats(one).search.indexing(), Chats(other).search.indexing()
        while ours.step() and theirs.step():
            pass
        assert Chats(one).search.indexed_share() == 1
        check_index(one)


def test_every_start_of_a_program_indexes_a_little(path: Path) -> None:
    with closing(Database.open(path)) as database, tidied(database):
        assert is_found(Chats(database), MESSAGES)


def test_a_reply_that_began_later_is_left_to_whoever_writes_it(path: Path) -> None:
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        indexing = chats.search.indexing()
        growing = chats.start_reply(1, None, "nano")
        chats.save_reply(growing.id, Reply("plugh", "", "plugh", FinishReason.INTERRUPTED), growing=True)
        while indexing.step():
            pass
        assert chats.search.find(read_query("plugh")) == []
        assert chats.search.indexed_share() == 1


def test_a_chat_that_is_deleted_before_it_is_indexed_stays_out_and_goes_without_a_trace(path: Path) -> None:
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        indexing = chats.search.indexing()
        assert indexing.step()
        chats.deletions.add(1)
        assert not indexing.step()
        chats.deletions.erase()
        check_index(database)
    assert b"of a river" not in path.read_bytes()
