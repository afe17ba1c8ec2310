"""Pins, tags and pages: the order that users keep among their chats."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from localr1.errors import UsageError
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.filters import NO_FILTER, Filter
from localr1.store.shelf import LONGEST_TAG, tags_of


@pytest.fixture
def chats() -> Iterator[Chats]:
    with closing(Database.in_memory()) as database:
        yield Chats(database)


def page(chats: Chats, offset: int = 0, limit: int = 9, among: Filter = NO_FILTER) -> list[str]:
    return [chat.title for chat in chats.shelf.page(offset, limit, among)]


def fill(chats: Chats, *titles: str) -> None:
    for title in titles:
        chats.add_user_message(chats.create(title=title).id, None, "hello")


def test_pinned_chats_come_first_each_group_newest_first(chats: Chats) -> None:
    fill(chats, "a", "b", "c", "d")
    for chat_id in (1, 3):
        chats.shelf.pin(chat_id, True)
    assert page(chats) == ["c", "a", "d", "b"]
    assert chats.get(3).pinned
    chats.shelf.pin(3, False)
    assert page(chats) == ["a", "d", "c", "b"]


def test_pages_follow_each_other_without_a_gap(chats: Chats) -> None:
    fill(chats, *"abcdefg")
    chats.shelf.pin(2, True)
    assert [*page(chats, 0, 3), *page(chats, 3, 3), *page(chats, 6, 3)] == [*"bgfedca"]
    assert page(chats, 7, 3) == []


def test_tags_are_replaced_and_the_most_used_named_first(chats: Chats) -> None:
    fill(chats, "a", "b")
    chats.shelf.tag(1, ("work", "home"))
    chats.shelf.tag(2, ("work",))
    assert chats.get(1).tags == ("home", "work")
    assert chats.shelf.tags() == ["work", "home"]
    chats.shelf.tag(1, ("sums",))
    assert chats.get(1).tags == ("sums",)
    assert page(chats, among=Filter(tags=("wo",))) == ["b"]
    assert page(chats, among=Filter(tags=("work", "sums"))) == []


def test_a_chat_that_is_gone_takes_its_tags_along(chats: Chats) -> None:
    fill(chats, "a", "b")
    chats.shelf.tag(1, ("work",))
    chats.deletions.add(1)
    assert chats.shelf.tags() == page(chats, among=Filter(tags=("work",))) == []
    chats.deletions.undo(1)
    assert chats.shelf.tags() == ["work"]


@pytest.mark.parametrize("missing", [0, 7])
def test_a_chat_that_is_not_there_can_be_neither_pinned_nor_tagged(chats: Chats, missing: int) -> None:
    with pytest.raises(UsageError, match=f"There is no chat {missing}"):
        chats.shelf.pin(missing, True)
    with pytest.raises(UsageError, match=f"There is no chat {missing}"):
        chats.shelf.tag(missing, ("work",))


def test_tags_are_read_as_people_write_them() -> None:
    assert tags_of(" #Work, math,,WORK  ## größe ") == ("größe", "math", "work")
    assert tags_of("x" * 99) == ("x" * LONGEST_TAG,)
    assert tags_of(" , # ") == ()
