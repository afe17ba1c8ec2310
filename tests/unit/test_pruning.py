"""Deleting a question: what was said after it goes too, and no trace of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from localr1.errors import UsageError
from localr1.message import FinishReason, Message, Reply
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.query import read_query

SECRET = "xylophonic"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.open(tmp_path / "chats.db")) as database:
        yield database


@pytest.fixture
def chats(database: Database) -> Chats:
    return Chats(database, clock=lambda: 1000.0)


def exchange(chats: Chats, chat_id: int, parent_id: int | None, text: str) -> tuple[Message, Message]:
    """A question and its reply."""
    question = chats.add_user_message(chat_id, parent_id, text)
    reply = chats.start_reply(chat_id, question.id, "nano")
    said = Reply(f"answer to {text}", f"thinking of {text}", f"raw of {text}", FinishReason.STOP)
    return question, chats.save_reply(reply.id, said)


def texts(chats: Chats, chat_id: int) -> list[str]:
    return [message.text for message in chats.branch(chat_id)]


def test_all_that_follows_goes_on_every_branch(chats: Chats) -> None:
    chat = chats.create()
    _, first = exchange(chats, chat.id, None, "one")
    second, reply = exchange(chats, chat.id, first.id, "two")
    exchange(chats, chat.id, reply.id, "three")
    exchange(chats, chat.id, reply.id, "three in other words")
    assert chats.count_below(second.id) == 6
    chats.prune(second.id)
    assert texts(chats, chat.id) == ["one", "answer to one"]
    assert chats.get(chat.id).messages == 2


def test_the_branch_beside_it_is_shown(chats: Chats) -> None:
    chat = chats.create()
    exchange(chats, chat.id, None, "one")
    other, _ = exchange(chats, chat.id, None, "one in other words")
    chats.prune(other.id)
    assert texts(chats, chat.id) == ["one", "answer to one"]
    assert chats.siblings(chat.id) == []


def test_a_chat_whose_first_question_goes_is_empty_and_can_go_on(chats: Chats) -> None:
    chat = chats.create()
    question, _ = exchange(chats, chat.id, None, "one")
    chats.prune(question.id)
    assert texts(chats, chat.id) == []
    exchange(chats, chat.id, None, "two")
    assert texts(chats, chat.id) == ["two", "answer to two"]


def test_other_chats_are_left_alone(chats: Chats) -> None:
    chat, other = chats.create(), chats.create()
    question, _ = exchange(chats, chat.id, None, "one")
    exchange(chats, other.id, None, "one")
    chats.prune(question.id)
    assert texts(chats, other.id) == ["one", "answer to one"]


def test_no_trace_of_it_stays_in_any_file(chats: Chats, tmp_path: Path) -> None:
    chat = chats.create()
    _, first = exchange(chats, chat.id, None, "one")
    question, _ = exchange(chats, chat.id, first.id, SECRET)
    assert [hit.message_id for hit in chats.search.find(read_query(SECRET))]
    chats.prune(question.id)
    assert not chats.search.find(read_query(SECRET))
    for file in tmp_path.rglob("*"):
        assert SECRET.encode() not in file.read_bytes()
        if file.suffix != ".reserve":  # random bytes: three letters stand in them by chance
            assert SECRET[:3].encode() not in file.read_bytes()


def test_what_is_gone_can_not_be_deleted_again(chats: Chats) -> None:
    chat = chats.create()
    question, _ = exchange(chats, chat.id, None, "one")
    chats.prune(question.id)
    for use in (chats.prune, chats.count_below):
        with pytest.raises(UsageError, match="There is no message"):
            use(question.id)
