"""The search index keeps no trace of what is deleted, and stays in step through kills and full disks."""

from __future__ import annotations

import random
import signal
from contextlib import closing
from pathlib import Path

import pytest

from localr1.message import FinishReason, Reply
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.query import read_query
from localr1.store.tidying import tidied
from tests.faults.scripts import files_with, run_on_a_small_disk, start

MARKER = "ሀሁሂ"
"""Three letters without case: they stand in the index as they stand in the text."""

DIE_WHILE_ERASING = """
class Dying(Database):
    def execute(self, sql, *values):
        if "'merge'" in sql or "delete from chat" in sql:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(sql, *values)

Chats(Dying.open(path)).delete(1)
"""

FILL_WITH_WORDS = """
import random

chance = random.Random(1)
def words():
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz      ", k=4000))

database = Database.open(path)
chats = Chats(database)
try:
    while True:
        chat = chats.create()
        for _ in range(5):
            chats.add_user_message(chat.id, None, words())
except DatabaseError as error:
    print(error.exit_code, error)
for _ in range(3):
    chats.delete(chats.list()[-1].id)
database.execute("insert into message_search (message_search, rank) values ('integrity-check', 1)")
chats.add_user_message(chats.create().id, None, words())
print("gone on")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "chats.db"


def fill(path: Path, *, beside: int) -> None:
    """The marker in every text of one chat, and so many characters in another one."""
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        chat, other = chats.create(title=f"{MARKER} title"), chats.create(title="kept")
        for size in (1, 20, 50):
            text = f" {MARKER} " * size
            question = chats.add_user_message(chat.id, None, text)
            letters = random.Random(size).choices("abcdefghijklmnopq ", k=beside)
            chats.add_user_message(other.id, None, "kept " + "".join(letters))
            reply = chats.start_reply(chat.id, question.id, "nano")
            chats.save_reply(reply.id, Reply(text, text, text, FinishReason.STOP), growing=True)
            chats.save_reply(reply.id, Reply(text, text, text, FinishReason.STOP))
        assert in_index(database) > 0


def in_index(database: Database) -> int:
    [(blocks,)] = database.execute(
        "select (select count(*) from message_search_data where instr(block, cast(? as blob)))"
        " + (select count(*) from chat_search_data where instr(block, cast(? as blob)))",
        *(MARKER, MARKER),
    )
    return int(blocks)


def assert_no_trace(path: Path) -> None:
    with closing(Database.open(path)) as database:
        assert in_index(database) == 0
        for table in ("message_search", "chat_search"):
            database.execute(f"insert into {table} ({table}, rank) values ('integrity-check', 1)")
        assert database.execute("pragma integrity_check") == [("ok",)]
        assert len(Chats(database).search.find(read_query("kept"))) == 4
    assert files_with(MARKER, path.parent) == set()


@pytest.mark.parametrize("beside", [10, 120_000], ids=["written anew", "letter by letter"])
def test_a_deleted_chat_is_in_no_file_of_the_index(path: Path, beside: int) -> None:
    fill(path, beside=beside)
    with closing(Database.open(path)) as database:
        Chats(database).delete(1)
    assert_no_trace(path)


@pytest.mark.parametrize("beside", [10, 120_000], ids=["written anew", "letter by letter"])
def test_a_kill_while_a_chat_is_erased_leaves_the_rest_to_the_next_start(path: Path, beside: int) -> None:
    fill(path, beside=beside)
    with start(DIE_WHILE_ERASING, path) as program:
        assert program.wait(60) == -signal.SIGKILL
    with closing(Database.open(path)) as database, tidied(database):
        assert [chat.title for chat in Chats(database).list()] == ["kept"]
    assert_no_trace(path)


def test_an_old_title_leaves_the_index_with_the_new_one(path: Path) -> None:
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        chats.create(title=f"{MARKER} title")
        assert in_index(database) > 0
        chats.rename(1, "kept")
        assert in_index(database) == 0


def test_a_full_disk_lets_chats_with_many_different_words_be_deleted(tmp_path: Path) -> None:
    output = run_on_a_small_disk(FILL_WITH_WORDS, tmp_path)
    assert "7 The disk is full" in output
    assert "gone on" in output
