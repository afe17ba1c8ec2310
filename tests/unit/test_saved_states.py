"""Which files of saved states stay on the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from localr1.saved_states import UNFINISHED_SECONDS, SavedStates, make_room

MODEL, OTHER = "1" * 64, "2 300"
PLENTY = 1 << 60


@pytest.fixture
def states(tmp_path: Path) -> SavedStates:
    return SavedStates(tmp_path, clock=lambda: 10_000.0)


def fill(file: Path, size: int = 10, used_at: float = 10_000.0) -> Path:
    file.write_bytes(bytes(size))
    os.utime(file, (used_at, used_at))
    return file


def unfinished(file: Path) -> Path:
    return file.with_name(f".{file.name}.x7_y")


def test_each_chat_has_a_file_for_each_model(states: SavedStates) -> None:
    places = {states.place(chat, model) for chat in (1, 11) for model in (MODEL, OTHER)}
    assert len(places) == 4


def test_a_chat_that_is_forgotten_takes_its_unfinished_files_along(states: SavedStates) -> None:
    mine, other = fill(states.place(1, MODEL)), fill(states.place(11, MODEL))
    half = fill(unfinished(states.place(1, OTHER)))
    states.forget_chat(1)
    assert (mine.exists(), half.exists(), other.exists()) == (False, False, True)


def test_a_model_that_is_gone_takes_its_files_along(states: SavedStates) -> None:
    mine, other = fill(states.place(1, MODEL)), fill(states.place(1, OTHER))
    states.forget_model(MODEL)
    assert (mine.exists(), other.exists()) == (False, True)


def test_chats_that_do_not_exist_keep_nothing(states: SavedStates) -> None:
    files = {chat: fill(states.place(chat, MODEL)) for chat in (1, 2, 3)}
    half = fill(unfinished(states.place(2, MODEL)))
    states.keep_only(lambda chats: chats & {3, 4})
    assert [chat for chat, file in files.items() if file.exists()] == [3]
    assert not half.exists()


def test_what_was_never_finished_goes_once_nobody_can_be_writing_it(states: SavedStates) -> None:
    dead = fill(unfinished(states.place(1, MODEL)), used_at=10_000 - UNFINISHED_SECONDS - 1)
    alive = fill(unfinished(states.place(1, MODEL)).with_suffix(".z"))
    states.keep_only(lambda chats: chats)
    assert (dead.exists(), alive.exists()) == (False, True)


def test_nobody_is_asked_about_chats_where_there_is_nothing(tmp_path: Path) -> None:
    def refuse(chats: set[int]) -> set[int]:
        raise AssertionError

    SavedStates(tmp_path / "absent").keep_only(refuse)


def test_other_files_in_the_directory_are_left_alone(states: SavedStates, tmp_path: Path) -> None:
    theirs = fill(tmp_path / "notes.txt")
    fill(states.place(1, MODEL))
    states.clear()
    assert list(tmp_path.iterdir()) == [theirs]


def test_what_was_used_longest_ago_makes_room(states: SavedStates) -> None:
    old, new, newest = (fill(states.place(chat, MODEL), 10, 100.0 - chat) for chat in (3, 2, 1))
    assert make_room(states.place(4, MODEL), 15, limit=35)
    assert (old.exists(), new.exists(), newest.exists()) == (False, True, True)


def test_the_file_that_is_replaced_does_not_count(states: SavedStates) -> None:
    mine, other = fill(states.place(1, MODEL), 20), fill(states.place(2, MODEL), 20)
    assert make_room(mine, 20, limit=40)
    assert mine.exists() and other.exists()


def test_what_is_larger_than_all_may_be_pushes_nothing_out(states: SavedStates) -> None:
    other = fill(states.place(2, MODEL))
    assert not make_room(states.place(1, MODEL), 41, limit=40)
    assert not make_room(states.place(1, MODEL), PLENTY // 2, limit=PLENTY)
    assert other.exists()
