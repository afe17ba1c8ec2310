"""Prompts: what can be recalled of all that was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from localr1.conversation import Conversation, Entry
from localr1.message import Role
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.prompts import LONGEST_RECALLED, Prompts


@pytest.fixture
def database() -> Iterator[Database]:
    with closing(Database.in_memory()) as database:
        yield database


def ask(database: Database, *texts: str) -> None:
    """Ask each in a chat of its own, and answer it."""
    chats = Chats(database)
    for text in texts:
        chat = chats.create()
        question = chats.add_user_message(chat.id, None, text)
        chats.start_reply(chat.id, question.id, "nano")


def test_prompts_of_all_chats_come_newest_first_without_replies_or_instructions(database: Database) -> None:
    ask(database, "one", "two", "three")
    instructions = Entry(1, None, Role.SYSTEM, "Be brief.", 1.0)
    Chats(database).conversations.add(Conversation("", 1.0, (instructions,), 1))
    assert Prompts(database).newest() == ["three", "two", "one"]


def test_a_prompt_that_was_repeated_comes_once_but_again_where_it_was_asked_later(database: Database) -> None:
    ask(database, "one", "two", "two", "two", "one")
    assert Prompts(database).newest() == ["one", "two", "one"]


def test_older_prompts_than_the_limit_are_left_out(database: Database) -> None:
    ask(database, *map(str, range(10)))
    assert Prompts(database).newest(3) == ["9", "8", "7"]


def test_a_whole_file_is_not_recalled(database: Database) -> None:
    ask(database, "é" * (LONGEST_RECALLED // 2), "é" * (LONGEST_RECALLED // 2) + "!")
    assert Prompts(database).newest() == ["é" * (LONGEST_RECALLED // 2)]
