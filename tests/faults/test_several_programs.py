"""Several programs write to one store at the same time: nothing is lost, and nobody is sent away."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from localr1.errors import DatabaseError
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.query import read_query
from tests.faults.scripts import start

PROGRAMS = ("anna", "berta", "carla", "dora")
ROUNDS = 12
USE_EVERYTHING = """
from localr1.store.drafts import Drafts
from localr1.store.query import read_query

name, rounds = sys.argv[2], int(sys.argv[3])
database = Database.open(path)
chats = Chats(database)
print("ready", flush=True)
sys.stdin.readline()
for number in range(rounds):
    question = chats.add_user_message(1, None, f"{name}-{number:02} asks")
    reply = chats.start_reply(1, question.id, name)
    for length in range(3):
        text = f"{name}-{number:02} is told " + "so " * length
        chats.save_reply(reply.id, Reply(text, text, text, FinishReason.INTERRUPTED), growing=True)
    chats.save_reply(reply.id, Reply(text, text, text, FinishReason.STOP))
    Drafts(database).save(1, f"a draft of {name}")
    own = chats.create(title=f"{name}-{number:02}")
    chats.shelf.tag(own.id, [name])
    chats.shelf.pin(own.id, number % 2 == 0)
    if number % 3 == 0:
        chats.deletions.add(own.id)
        chats.deletions.undo(own.id)
    chats.search.find(read_query(name))
    chats.search.indexing().step()
    chats.shelf.page(0, 20)
    if number == rounds // 2:
        database.close()
        database = Database.open(path)
        chats = Chats(database)
database.close()
print("done", flush=True)
"""
HOLD_THE_LOCK = """
database = Database.open(path)
with database.transaction():
    print("locked", flush=True)
    sys.stdin.readline()
print("free", flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "chats.db"
    with closing(Database.open(path)) as database:
        Chats(database).create(title="of all")
    return path


def test_four_programs_that_do_everything_at_once_lose_nothing_and_wait_for_each_other(path: Path) -> None:
    with ExitStack() as running:
        programs = [
            running.enter_context(start(USE_EVERYTHING, path, name, str(ROUNDS))) for name in PROGRAMS
        ]
        for program in programs:
            assert program.stdout
            assert program.stdout.readline() == "ready\n"
        said = [program.communicate("go\n", timeout=60)[0] for program in programs]
    assert said == ["done\n"] * len(PROGRAMS)
    with closing(Database.open(path)) as database:
        check_all_is_there(database)


def check_all_is_there(database: Database) -> None:
    chats = Chats(database)
    wanted = {f"{name}-{number:02}" for name in PROGRAMS for number in range(ROUNDS)}
    texts = {str(text) for (text,) in database.execute("select text from message")}
    assert texts == {f"{each} asks" for each in wanted} | {f"{each} is told so so " for each in wanted}
    assert {chat.title for chat in chats.list()} == wanted | {"of all"}
    assert {name: len(chats.search.find(read_query(f"tag:{name} {name}"))) > 0 for name in PROGRAMS} == (
        dict.fromkeys(PROGRAMS, True)
    )
    assert chats.search.indexed_share() == 1
    database.execute("insert into message_search (message_search, rank) values ('integrity-check', 1)")
    assert database.execute("pragma integrity_check") == [("ok",)]


def test_a_program_that_waits_goes_on_as_soon_as_the_other_one_lets_it(path: Path) -> None:
    with start(HOLD_THE_LOCK, path) as other, closing(Database.open(path, busy_timeout=30)) as database:
        assert other.stdout
        assert other.stdin
        assert other.stdout.readline() == "locked\n"
        with (
            pytest.raises(DatabaseError, match="busy"),
            closing(Database.open(path, busy_timeout=0)) as hasty,
        ):
            Chats(hasty).create()
        other.stdin.write("go\n")
        other.stdin.flush()
        assert Chats(database).create(title="after all").title == "after all"
