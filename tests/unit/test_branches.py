"""Branches: what stands beside a message, and which branch is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from localr1.errors import UsageError
from localr1.store.branches import Siblings
from localr1.store.chats import Chats
from localr1.store.database import Database


@pytest.fixture
def chats() -> Iterator[Chats]:
    with closing(Database.in_memory()) as database:
        yield Chats(database)


@pytest.fixture
def chat_id(chats: Chats) -> int:
    return chats.create().id


def shown(chats: Chats, chat_id: int) -> list[int]:
    return [message.id for message in chats.branch(chat_id)]


def test_siblings_are_named_at_each_message_that_has_any(chats: Chats, chat_id: int) -> None:
    question = chats.add_user_message(chat_id, None, "47 + 85?").id
    first, second, third = (chats.start_reply(chat_id, question, "nano").id for _ in range(3))
    after = chats.add_user_message(chat_id, third, "double it").id
    assert chats.siblings(chat_id) == [Siblings(third, (first, second, third))]
    edited = chats.add_user_message(chat_id, third, "halve it").id
    assert chats.siblings(chat_id)[1:] == [Siblings(edited, (after, edited))]


def test_first_questions_of_one_chat_are_siblings_and_those_of_others_are_not(
    chats: Chats, chat_id: int
) -> None:
    chats.add_user_message(chats.create().id, None, "elsewhere")
    first, second = (chats.add_user_message(chat_id, None, text).id for text in ("one", "two"))
    assert chats.siblings(chat_id) == [Siblings(second, (first, second))]


def test_a_chat_without_branches_has_no_siblings(chats: Chats, chat_id: int) -> None:
    assert chats.siblings(chat_id) == []
    question = chats.add_user_message(chat_id, None, "47 + 85?")
    chats.start_reply(chat_id, question.id, "nano")
    assert chats.siblings(chat_id) == []


@pytest.mark.parametrize(
    ("at", "position", "previous", "following"), [(3, 1, None, 5), (5, 2, 3, 8), (8, 3, 5, None)]
)
def test_siblings_lead_to_their_neighbours_and_end_at_both_ends(
    at: int, position: int, previous: int | None, following: int | None
) -> None:
    siblings = Siblings(at, (3, 5, 8))
    assert (siblings.position, siblings.previous, siblings.next) == (position, previous, following)


def test_a_branch_is_shown_with_all_below_it_up_to_its_newest_leaf(chats: Chats, chat_id: int) -> None:
    question = chats.add_user_message(chat_id, None, "47 + 85?").id
    old = chats.start_reply(chat_id, question, "nano").id
    after = chats.add_user_message(chat_id, old, "double it").id
    earlier, later = (chats.start_reply(chat_id, after, "nano").id for _ in range(2))
    new = chats.start_reply(chat_id, question, "nano").id
    assert shown(chats, chat_id) == [question, new]
    chats.show_branch(old)
    assert shown(chats, chat_id) == [question, old, after, later]
    chats.show_branch(earlier)
    assert shown(chats, chat_id) == [question, old, after, earlier]


def test_showing_a_branch_touches_no_other_chat(chats: Chats, chat_id: int) -> None:
    other = chats.create().id
    here, there = (chats.add_user_message(each, None, "hello").id for each in (chat_id, other))
    chats.show_branch(here)
    assert (shown(chats, chat_id), shown(chats, other)) == ([here], [there])


def test_a_branch_that_is_gone_is_said(chats: Chats) -> None:
    with pytest.raises(UsageError, match="There is no message 7"):
        chats.show_branch(7)
    with pytest.raises(UsageError, match="There is no chat 7"):
        chats.siblings(7)
