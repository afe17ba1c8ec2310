"""Drafts: kept for each chat, and gone without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from localr1.errors import BusyError
from localr1.store.chats import Chats
from localr1.store.copying import back_up
from localr1.store.database import Database
from localr1.store.drafts import Drafts

MARKER = "xyzzy-plugh"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "chats.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with closing(Database.open(path, busy_timeout=0.05)) as database:
        yield database


def files_with_marker(directory: Path) -> set[str]:
    return {file.name for file in directory.iterdir() if MARKER.encode() in file.read_bytes()}


def test_each_chat_and_the_new_one_have_a_draft_of_their_own(database: Database) -> None:
    drafts, first, second = Drafts(database), Chats(database).create(), Chats(database).create()
    drafts.save(None, "new")
    drafts.save(first.id, "one")
    drafts.save(first.id, "one, changed")
    assert [drafts.get(chat_id) for chat_id in (None, first.id, second.id)] == ["new", "one, changed", ""]


def test_a_draft_is_still_there_when_the_database_is_opened_again(path: Path) -> None:
    with closing(Database.open(path)) as database:
        Drafts(database).save(None, "later")
    with closing(Database.open(path)) as database:
        assert Drafts(database).get(None) == "later"


def test_a_draft_that_was_sent_is_gone_and_no_other(database: Database) -> None:
    drafts, chat = Drafts(database), Chats(database).create()
    drafts.save(None, "new")
    drafts.save(chat.id, "one")
    drafts.drop(None)
    assert [drafts.get(None), drafts.get(chat.id)] == ["", "one"]


def test_there_are_never_two_drafts_of_the_new_chat(database: Database) -> None:
    Drafts(database).save(None, "one")
    Drafts(database).save(None, "two")
    assert database.execute("select text from draft") == [("two",)]


@pytest.mark.parametrize("size", [1, 500, 5000])
def test_a_deleted_chat_takes_its_draft_along_without_a_trace(
    database: Database, path: Path, size: int
) -> None:
    chats, drafts, chat = Chats(database), Drafts(database), Chats(database).create()
    for length in (size, 2 * size, 1):
        drafts.save(chat.id, f" {MARKER} " * length)
    assert files_with_marker(path.parent) != set()
    chats.delete(chat.id)
    assert files_with_marker(path.parent) == set()
    assert drafts.get(chat.id) == ""


@pytest.mark.parametrize("size", [1, 500, 5000])
def test_an_emptied_draft_leaves_no_trace_and_the_backup_of_an_older_version_stays(
    database: Database, path: Path, size: int
) -> None:
    back_up(path, "v1")
    for length in (size, 2 * size, 1, 0):
        Drafts(database).save(None, f" {MARKER} " * length)
    assert files_with_marker(path.parent) == set()
    assert path.with_name("chats.db.v1.bak").exists()


def test_a_chat_that_is_gone_keeps_no_draft(database: Database) -> None:
    chats, drafts, chat = Chats(database), Drafts(database), Chats(database).create()
    chats.delete(chat.id)
    drafts.save(chat.id, "too late")
    assert drafts.get(chat.id) == ""


def test_a_draft_that_is_saved_in_passing_does_not_wait_for_another_program(path: Path) -> None:
    with closing(Database.open(path, busy_timeout=600)) as ours, closing(Database.open(path)) as theirs:
        drafts = Drafts(ours)
        with theirs.transaction(), pytest.raises(BusyError), drafts.without_waiting():
            drafts.save(None, "half a thought")
        drafts.save(None, "a thought")
        assert Drafts(theirs).get(None) == "a thought"
