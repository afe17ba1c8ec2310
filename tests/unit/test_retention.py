"""Retention: which chats outlive the time that the user gave them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.retention import Retention, outlived

DAY = 86_400.0


class Clock:
    """The day on which messages are written."""

    def __init__(self) -> None:
        self.day = 0.0

    def __call__(self) -> float:
        return self.day * DAY


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chats(clock: Clock) -> Iterator[Chats]:
    """A chat of each of the days 0, 10 and 20, named after it."""
    with closing(Database.in_memory()) as database:
        chats = Chats(database, clock)
        for clock.day in (0, 10, 20):
            chats.add_user_message(chats.create(title=f"day {clock.day}").id, None, "hello")
        yield chats


def over(chats: Chats, day: float, retention: Retention, keep: int | None = None) -> list[str]:
    return sorted(chat.title for chat in outlived(chats, retention, day * DAY, keep))


def test_chats_are_forgotten_so_many_days_after_their_last_message(chats: Chats, clock: Clock) -> None:
    assert over(chats, 30, Retention(30)) == []
    assert over(chats, 30.1, Retention(30)) == ["day 0"]
    assert over(chats, 45, Retention(30)) == ["day 0", "day 10"]
    clock.day = 40
    chats.add_user_message(1, None, "still here")
    assert over(chats, 45, Retention(30)) == ["day 10"]


def test_nothing_is_forgotten_unless_the_user_wants_it(chats: Chats) -> None:
    assert over(chats, 9999, Retention()) == []
    assert over(chats, 9999, Retention(0, {"work": 0})) == []


def test_pinned_chats_stay_and_so_does_the_open_one(chats: Chats) -> None:
    chats.shelf.pin(2, True)
    assert over(chats, 99, Retention(1), keep=3) == ["day 0"]


def test_a_tag_goes_before_the_rule_for_all(chats: Chats) -> None:
    chats.shelf.tag(1, ("work",))
    assert over(chats, 60, Retention(1, {"work": 90})) == ["day 10", "day 20"]
    assert over(chats, 60, Retention(0, {"work": 30})) == ["day 0"]
    assert over(chats, 9999, Retention(1, {"work": 0})) == ["day 10", "day 20"]


@pytest.mark.parametrize("days", [0, 100])
def test_of_several_tags_the_one_that_keeps_longest_counts(chats: Chats, days: int) -> None:
    chats.shelf.tag(1, ("a", "b"))
    assert over(chats, 90, Retention(1, {"a": 1, "b": days})) == ["day 10", "day 20"]


def test_chats_that_are_deleted_already_are_not_forgotten_again(chats: Chats) -> None:
    chats.deletions.add(1)
    assert over(chats, 99, Retention(1)) == ["day 10", "day 20"]
