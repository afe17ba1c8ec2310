"""Chats that lie where nothing can be written are read, and nothing of them is changed."""

from __future__ import annotations

import signal
from contextlib import closing
from pathlib import Path

import pytest

from localr1.errors import DatabaseError, LockedError
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.store.encryption import encrypt
from localr1.store.key_file import read_key
from localr1.store.migrations import MIGRATIONS
from localr1.store.query import read_query
from tests.faults.read_only import read_only
from tests.faults.scripts import start

ASK_AND_DIE = """
chats = Chats(Database.open(path))
chats.add_user_message(chats.create(title="in the log").id, None, "still only in the log")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "chats.db"
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        chats.add_user_message(chats.create(title="sums").id, None, "47 + 85?")
        Drafts(database).save(1, "half a thought")
    return path


def content(directory: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in directory.iterdir()}


def test_chats_are_read_where_nothing_can_be_written(path: Path) -> None:
    before = content(path.parent)
    with read_only(path.parent), closing(Database.open(path)) as database:
        chats = Chats(database)
        assert chats.read_only
        assert chats.branch(1)[0].text == "47 + 85?"
        assert Drafts(database).get(1) == "half a thought"
        assert [hit.chat.title for hit in chats.search.find(read_query("85"))] == ["sums"]
        assert content(path.parent) == before
    assert content(path.parent) == before


def test_every_change_of_them_is_refused(path: Path) -> None:
    with read_only(path.parent), closing(Database.open(path)) as database:
        chats = Chats(database)
        changes = (
            chats.create,
            lambda: chats.add_user_message(1, None, "lost"),
            lambda: chats.deletions.add(1),
            lambda: chats.prune(1),
            lambda: Drafts(database).save(1, ""),
        )
        for change in changes:
            with pytest.raises(DatabaseError, match=r"can't be (written|used)"):
                change()
        assert [chat.title for chat in chats.list()] == ["sums"]


def test_what_a_killed_program_has_left_in_the_log_is_read_along(path: Path) -> None:
    with start(ASK_AND_DIE, path) as writer:
        assert writer.wait(60) == -signal.SIGKILL
    before = content(path.parent)
    with read_only(path.parent), closing(Database.open(path)) as database:
        assert [chat.title for chat in Chats(database).list()] == ["in the log", "sums"]
    assert content(path.parent) == before


def test_encrypted_chats_open_with_their_passphrase_there_too(path: Path) -> None:
    encrypt(path, "correct horse")
    with read_only(path.parent):
        with pytest.raises(LockedError):
            Database.open(path)
        with closing(Database.open(path, key=read_key(path, "correct horse"))) as database:
            assert [chat.title for chat in Chats(database).list()] == ["sums"]


def test_an_older_database_that_cannot_be_migrated_is_refused(path: Path) -> None:
    newer = [*MIGRATIONS, lambda connection: None]
    with read_only(path.parent), pytest.raises(DatabaseError, match="can't be brought up to date"):
        Database.open(path, migrations=newer)
