"""Messages: a tree of them in each chat, and replies that grow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from localr1.conversation import Conversation, Entry
from localr1.errors import DatabaseError, UsageError
from localr1.message import FinishReason, Message, Reply, Role, Stats
from localr1.store.chats import Chats
from localr1.store.database import Database

STATS = Stats(
    prompt_tokens=40,
    evaluated_tokens=12,
    generated_tokens=95,
    prompt_seconds=0.25,
    generation_seconds=1.5,
    thinking_tokens=80,
    thinking_seconds=1.25,
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database.open(tmp_path / "chats.db", busy_timeout=0.05)) as database:
        yield database


@pytest.fixture
def chats(database: Database) -> Chats:
    return Chats(database, lambda: 1000.0)


@pytest.fixture
def chat_id(chats: Chats) -> int:
    return chats.create().id


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def test_what_a_user_wrote_is_saved_as_it_is(chats: Chats, chat_id: int) -> None:
    message = chats.add_user_message(chat_id, None, "47 + 85?")
    assert message == Message(
        id=message.id, chat_id=chat_id, parent_id=None, role=Role.USER, text="47 + 85?", created_at=1000.0
    )
    assert chats.message(message.id) == message


def test_a_system_message_can_stand_before_the_first_question(chats: Chats) -> None:
    instructions = Entry(1, None, Role.SYSTEM, "Be brief.", 1.0)
    question = Entry(2, 1, Role.USER, "47 + 85?", 1.0)
    chats.conversations.add(Conversation("", 1.0, (instructions, question), 2))
    [chat] = chats.list()
    assert [message.role for message in chats.branch(chat.id)] == [Role.SYSTEM, Role.USER]


def test_a_reply_counts_as_interrupted_from_its_first_moment(chats: Chats, chat_id: int) -> None:
    question = chats.add_user_message(chat_id, None, "47 + 85?")
    reply = chats.start_reply(chat_id, question.id, "nano")
    assert (reply.role, reply.text, reply.model) == (Role.ASSISTANT, "", "nano")
    assert reply.finish_reason is FinishReason.INTERRUPTED
    assert reply.parent_id == question.id


@pytest.mark.parametrize("finish_reason", FinishReason)
def test_a_reply_keeps_its_parts_its_end_and_its_cost(
    chats: Chats, chat_id: int, finish_reason: FinishReason
) -> None:
    started = chats.start_reply(chat_id, None, "nano")
    saved = chats.save_reply(
        started.id, Reply("132", "47 and 85", "<think>47 and 85</think>132", finish_reason, STATS)
    )
    assert saved == Message(
        id=started.id,
        chat_id=chat_id,
        parent_id=None,
        role=Role.ASSISTANT,
        text="132",
        created_at=1000.0,
        thinking="47 and 85",
        raw="<think>47 and 85</think>132",
        model="nano",
        finish_reason=finish_reason,
        stats=STATS,
    )
    assert chats.branch(chat_id) == [saved]


def test_a_reply_that_grows_holds_what_was_saved_last(chats: Chats, chat_id: int) -> None:
    reply = chats.start_reply(chat_id, None, "nano")
    for answer in ("1", "13", "132"):
        chats.save_reply(reply.id, Reply(answer, "", answer, FinishReason.INTERRUPTED))
    assert texts(chats.branch(chat_id)) == ["132"]


def test_a_reply_never_overwrites_what_the_user_wrote(chats: Chats, chat_id: int) -> None:
    question = chats.add_user_message(chat_id, None, "47 + 85?")
    with pytest.raises(UsageError):
        chats.save_reply(question.id, Reply("132", "", "132", FinishReason.STOP))
    assert chats.message(question.id) == question


def test_the_branch_that_is_shown_goes_from_the_first_message_to_the_leaf(chats: Chats, chat_id: int) -> None:
    assert chats.branch(chat_id) == []
    question = chats.add_user_message(chat_id, None, "47 + 85?")
    reply = chats.start_reply(chat_id, question.id, "nano")
    again = chats.add_user_message(chat_id, reply.id, "double it")
    assert [message.id for message in chats.branch(chat_id)] == [question.id, reply.id, again.id]


def test_a_new_branch_is_shown_and_the_old_one_is_kept(chats: Chats, chat_id: int) -> None:
    question = chats.add_user_message(chat_id, None, "47 + 85?")
    first = chats.start_reply(chat_id, question.id, "nano")
    follow_up = chats.add_user_message(chat_id, first.id, "double it")
    second = chats.start_reply(chat_id, question.id, "nano")
    assert [message.id for message in chats.branch(chat_id)] == [question.id, second.id]
    edited = chats.add_user_message(chat_id, None, "47 + 86?")
    assert texts(chats.branch(chat_id)) == ["47 + 86?"]
    assert chats.message(follow_up.id).parent_id == first.id
    assert edited.parent_id is None


def test_a_branch_holds_messages_of_its_own_chat_only(chats: Chats, chat_id: int) -> None:
    other = chats.create()
    foreign = chats.add_user_message(other.id, None, "elsewhere")
    with pytest.raises(DatabaseError):
        chats.add_user_message(chat_id, foreign.id, "here")
    assert chats.branch(chat_id) == []
    assert texts(chats.branch(other.id)) == ["elsewhere"]


def test_a_reply_to_a_chat_that_another_window_deleted_changes_nothing(chats: Chats, chat_id: int) -> None:
    reply = chats.start_reply(chat_id, None, "nano")
    chats.delete(chat_id)
    with pytest.raises(UsageError, match="There is no reply"):
        chats.save_reply(reply.id, Reply("132", "", "132", FinishReason.STOP))
    assert chats.list() == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ""),
        ("a\0b\0", "a\0b\0"),
        ("\ufeff\u202e[/] \x1b]52;c;\x07 <think> 🧠\r\n", "\ufeff\u202e[/] \x1b]52;c;\x07 <think> 🧠\r\n"),
        ("'; drop table chat; --", "'; drop table chat; --"),
        ("half \ud83d of it", "half \ufffd of it"),
        ("\udcff\ud83d\ude00\ud83d", "\ufffd😀\ufffd"),
        ("né" * 2_500_000, "né" * 2_500_000),
    ],
    ids=["empty", "nul", "controls", "sql", "lone surrogate", "paired surrogates", "5 million characters"],
)
def test_any_text_can_be_saved_and_read_again(chats: Chats, chat_id: int, written: str, read: str) -> None:
    question = chats.add_user_message(chat_id, None, written)
    reply = chats.start_reply(chat_id, question.id, written)
    chats.save_reply(reply.id, Reply(written, written, written, FinishReason.STOP))
    chats.rename(chat_id, written)
    [question, reply] = chats.branch(chat_id)
    assert {question.text, reply.text, reply.thinking, reply.raw, reply.model} == {read}
    assert chats.get(chat_id).title == read
