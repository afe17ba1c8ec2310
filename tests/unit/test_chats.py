"""Chats: what a list of them shows, and how they come and go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from localr1.errors import UsageError
from localr1.store.chat import Chat
from localr1.store.chats import Chats
from localr1.store.database import Database


class Clock:
    """A clock that tests set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.open(tmp_path / "chats.db", busy_timeout=0.05)) as database:
        yield database


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chats(database: Database, clock: Clock) -> Chats:
    return Chats(database, clock)


def test_a_new_chat_is_empty_and_can_be_read_again(chats: Chats) -> None:
    chat = chats.create(title="Sums", model="nano")
    assert chat == Chat(
        id=chat.id, title="Sums", model="nano", created_at=1000.0, updated_at=1000.0, messages=0
    )
    assert chats.get(chat.id) == chat


def test_a_chat_counts_its_messages_and_knows_when_the_newest_was_made(chats: Chats, clock: Clock) -> None:
    chat = chats.create()
    question = chats.add_user_message(chat.id, None, "47 + 85?")
    clock.now = 2000.0
    chats.start_reply(chat.id, question.id, "nano")
    assert chats.get(chat.id).messages == 2
    assert chats.get(chat.id).created_at == 1000.0
    assert chats.get(chat.id).updated_at == 2000.0


def test_chats_are_listed_by_their_newest_message(chats: Chats) -> None:
    first, second, third = chats.create(), chats.create(), chats.create()
    for chat in (second, third, first, second):
        chats.add_user_message(chat.id, None, "hello")
    assert [chat.id for chat in chats.list()] == [second.id, first.id, third.id]


def test_chats_are_counted_by_the_model_that_answers_in_them_now(chats: Chats) -> None:
    for model in ("nano", "qwen-1.5b", "nano", ""):
        chats.create(model=model)
    moved = chats.create(model="nano")
    chats.set_model(moved.id, "/models/other.gguf")
    assert chats.model_counts() == {"nano": 2, "qwen-1.5b": 1, "/models/other.gguf": 1}


def test_a_chat_without_messages_is_listed_first_as_it_has_just_begun(chats: Chats) -> None:
    older = chats.create()
    chats.add_user_message(older.id, None, "hello")
    empty, newest = chats.create(), chats.create()
    assert [chat.id for chat in chats.list()] == [newest.id, empty.id, older.id]


def test_a_clock_that_jumps_back_changes_no_order(chats: Chats, clock: Clock) -> None:
    before, after = chats.create(), chats.create()
    chats.add_user_message(before.id, None, "before")
    clock.now = 10.0
    chats.add_user_message(after.id, None, "after")
    assert chats.list()[0].id == after.id
    assert chats.latest() == chats.get(after.id)


def test_a_list_is_as_long_as_asked(chats: Chats) -> None:
    ids = [chats.create().id for _ in range(5)]
    assert [chat.id for chat in chats.list(limit=2)] == [ids[4], ids[3]]
    assert chats.list(limit=0) == []
    assert len(chats.list()) == 5


def test_the_latest_chat_is_the_one_with_the_newest_message(chats: Chats) -> None:
    assert chats.latest() is None
    first, second = chats.create(), chats.create()
    assert chats.latest() is None
    chats.add_user_message(second.id, None, "hello")
    chats.add_user_message(first.id, None, "hello")
    assert chats.latest() == chats.get(first.id)


def test_a_chat_gets_another_title_and_another_model(chats: Chats) -> None:
    chat, other = chats.create(title="old", model="nano"), chats.create(title="other", model="nano")
    chats.rename(chat.id, "new")
    chats.set_model(chat.id, "r1-distill-qwen-7b")
    assert (chats.get(chat.id).title, chats.get(chat.id).model) == ("new", "r1-distill-qwen-7b")
    assert chats.get(other.id) == other


def test_a_deleted_chat_is_gone_with_its_messages_and_no_other(chats: Chats) -> None:
    chat, other = chats.create(), chats.create()
    message = chats.add_user_message(chat.id, None, "delete me")
    kept = chats.add_user_message(other.id, None, "keep me")
    chats.delete(chat.id)
    assert [chat.id for chat in chats.list()] == [other.id]
    assert chats.branch(other.id) == [kept]
    with pytest.raises(UsageError):
        chats.message(message.id)


def test_a_chat_longer_than_sqlite_nests_triggers_can_be_deleted(chats: Chats, database: Database) -> None:
    chat = chats.create()
    parent_id = None
    with closing(Database.open(database.path)) as faster:
        faster.execute("pragma synchronous = off")
        for _ in range(1500):
            parent_id = Chats(faster).add_user_message(chat.id, parent_id, "and").id
    chats.delete(chat.id)
    assert database.execute("select count(*) from message") == [(0,)]


def test_ids_of_deleted_chats_and_messages_are_never_given_again(chats: Chats) -> None:
    chat = chats.create()
    message = chats.add_user_message(chat.id, None, "hello")
    chats.delete(chat.id)
    again = chats.create()
    assert again.id > chat.id
    assert chats.add_user_message(again.id, None, "hello").id > message.id


@pytest.mark.parametrize("missing", [0, -1, 7, 2**63, -(10**40)])
def test_a_chat_that_is_not_there_is_named_with_the_way_to_find_one(chats: Chats, missing: int) -> None:
    for use in (
        lambda: chats.get(missing),
        lambda: chats.branch(missing),
        lambda: chats.rename(missing, "x"),
        lambda: chats.set_model(missing, "x"),
        lambda: chats.delete(missing),
        lambda: chats.add_user_message(missing, None, "x"),
        lambda: chats.start_reply(missing, None, "nano"),
    ):
        with pytest.raises(UsageError, match=f"There is no chat {missing}.") as raised:
            use()
        assert raised.value.exit_code == 2
        assert "localr1 chats list" in raised.value.hint
