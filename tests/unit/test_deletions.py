"""Deleting in two steps: out of sight at once, erased when the program ends or the next one starts."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from localr1.errors import UsageError
from localr1.message import FinishReason, Reply
from localr1.saved_states import SavedStates
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.encryption import encrypt
from localr1.store.key_file import read_key
from localr1.store.prompts import Prompts
from localr1.store.sealed_key import Cost
from localr1.store.tidying import tidied


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with two chats, the second one deleted."""
    path = tmp_path / "chats.db"
    with closing(Database.open(path)) as database:
        chats = Chats(database, clock=lambda: 1000.0)
        for title in ("kept", "gone"):
            chat = chats.create(title=title, model="nano")
            chats.add_user_message(chat.id, None, f"a question {title}")
        chats.deletions.add(2)
    return path


def chats_left(path: Path) -> int:
    with closing(Database.open(path)) as database:
        [(count,)] = database.execute("select count(*) from chat")
    return int(count)


def test_a_deleted_chat_is_nowhere_to_be_seen(path: Path) -> None:
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        assert [chat.title for chat in chats.list()] == ["kept"]
        assert [chat.title for chat in chats.shelf.page(0, 9)] == ["kept"]
        assert chats.latest() == chats.get(1)
        assert chats.model_counts() == {"nano": 1}
        assert Prompts(database).newest() == ["a question kept"]
        for use in (
            lambda: chats.get(2),
            lambda: chats.branch(2),
            lambda: chats.rename(2, "x"),
            lambda: chats.set_model(2, "x"),
            lambda: chats.add_user_message(2, None, "x"),
            lambda: chats.deletions.add(2),
        ):
            with pytest.raises(UsageError, match="There is no chat 2"):
                use()


def test_what_was_deleted_last_comes_back_first_and_whole(path: Path) -> None:
    with closing(Database.open(path)) as database:
        chats = Chats(database, clock=lambda: 2000.0)
        chats.deletions.add(1)
        for title in ("kept", "gone"):
            chat = chats.deletions.newest()
            assert chat and chat.title == title
            chats.deletions.undo(chat.id)
            assert [message.text for message in chats.branch(chat.id)] == [f"a question {title}"]
        assert chats.deletions.newest() is None
        with pytest.raises(UsageError, match="There is no chat 1"):
            chats.deletions.undo(1)


def test_the_next_start_erases_what_a_crash_has_left_deleted(path: Path) -> None:
    assert chats_left(path) == 2
    with closing(Database.open(path)) as database, tidied(database):
        assert database.execute("select title from chat") == [("kept",)]


def test_the_end_of_the_program_erases_what_it_has_deleted(path: Path) -> None:
    with closing(Database.open(path)) as database, tidied(database):
        Chats(database).deletions.add(1)
        [(count,)] = database.execute("select count(*) from chat")
        assert count == 1
    assert chats_left(path) == 0


def test_what_is_kept_of_a_chat_goes_when_it_can_come_back_no_more(path: Path, tmp_path: Path) -> None:
    states = SavedStates(tmp_path)
    kept, deleted, erased = (states.place(chat_id, "a model") for chat_id in (1, 2, 3))
    for file in (kept, deleted, erased):
        file.touch()
    with closing(Database.open(path)) as database, tidied(database, states):
        assert (kept.exists(), deleted.exists(), erased.exists()) == (True, False, False)
        Chats(database).deletions.add(1)
        assert kept.exists()
    assert not kept.exists()


def test_nothing_is_kept_of_encrypted_chats(path: Path, tmp_path: Path) -> None:
    states = SavedStates(tmp_path)
    states.place(1, "a model").touch()
    encrypt(path, "correct horse", cost=Cost(n=16, r=8, p=1))
    key = read_key(path, "correct horse")
    with closing(Database.open(path, key=key)) as database, tidied(database, states):
        assert not states.place(1, "a model").exists()


def test_what_cannot_be_erased_now_keeps_nobody_from_starting(path: Path) -> None:
    theirs, ours = Database.open(path), Database.open(path, busy_timeout=0.05)
    with closing(theirs), closing(ours):
        with theirs.transaction(), tidied(ours):
            assert [chat.title for chat in Chats(ours).list()] == ["kept"]
        assert chats_left(path) == 2


def test_a_reply_that_a_crash_cut_off_is_found_after_the_next_start(path: Path) -> None:
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        reply = chats.start_reply(1, None, "nano")
        chats.save_reply(reply.id, Reply("half of it", "", "", FinishReason.INTERRUPTED), growing=True)
    with closing(Database.open(path)) as database, tidied(database):
        assert database.execute("select rowid from message_search where message_search match 'half'") == [
            (reply.id,)
        ]
