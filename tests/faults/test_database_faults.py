"""Chats survive kills, full disks and other windows; deleted ones don't survive anything."""

from __future__ import annotations

import os
import random
import signal
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from localr1.errors import DatabaseError
from localr1.message import FinishReason, Reply
from localr1.store import reserve
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.driver import Connection
from localr1.store.migrations import MIGRATIONS
from tests.faults.scripts import PRELUDE, files_with, run, run_on_a_small_disk, start

MARKER = "xyzzy-plugh"

CHAT_FOR_EVER = """
chats = Chats(Database.open(path))
chat, parent_id = chats.create(), None
while True:
    question = chats.add_user_message(chat.id, parent_id, "question " * 50)
    print(question.id, len(question.text), flush=True)
    reply = chats.start_reply(chat.id, question.id, "nano")
    for length in range(2000, 8000, 2000):
        text = "x" * length
        saved = chats.save_reply(reply.id, Reply(text, text, text, FinishReason.INTERRUPTED))
        print(saved.id, length, flush=True)
    parent_id = reply.id
"""

ADD_TO_THE_CHAT = """
chats = Chats(Database.open(path))
print("ready", flush=True)
sys.stdin.readline()
for number in range(40):
    chats.add_user_message(1, None, f"{sys.argv[2]} {number}")
"""

DIE = """
def die(connection):
    connection.execute("update chat set title = 'half done'") if path.exists() else None
    os.kill(os.getpid(), signal.SIGKILL)

Database.open(path, migrations=[*MIGRATIONS, die])
"""

FILL = """
def fill(chats, chat_id, parent_id):
    reply, text = chats.start_reply(chat_id, parent_id, "nano"), ""
    try:
        while True:
            text += "x" * 4000
            chats.save_reply(reply.id, Reply(text, "", text, FinishReason.INTERRUPTED))
    except DatabaseError as error:
        print(error.exit_code, error)
    kept = chats.message(reply.id)
    assert len(text) - 4000 == len(kept.text) > 0, (len(text), len(kept.text))

def delete_and_go_on(database):
    chats = Chats(database)
    oldest = chats.list()[-1]
    assert chats.branch(oldest.id)[0].text == "y" * 100_000
    chats.delete(oldest.id)
    chats.add_user_message(chats.create().id, None, "after")

def four_chats(database):
    chats = Chats(database)
    for _ in range(4):
        chat = chats.create()
        message = chats.add_user_message(chat.id, None, "y" * 100_000)
    return chats, chat.id, message.id
"""

FILL_THE_DISK = """
database = Database.open(path)
chats, chat_id, message_id = four_chats(database)
fill(chats, chat_id, message_id)
delete_and_go_on(database)
"""

GO_ROUND = """
import resource
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
database = Database.open(path)
database.execute("update message set parent_id = id")
print(len(Chats(database).branch(1)))
"""

START_ON_A_FULL_DISK = """
four_chats(Database.open(path))
try:
    with open(path.parent / "filler", "wb", buffering=0) as filler:
        while filler.write(bytes(1000)):
            pass
except OSError as error:
    print(error)
os.execv(sys.executable, [sys.executable, "-c", sys.argv[2], str(path)])
"""

START_WITH_ONE_MORE_FILE = """
database = Database.open(path)
four_chats(database)
database.close()
try:
    for number in range(1000):
        path.with_name(f"filler {number}").touch()
except OSError as error:
    print(error)
path.with_name(f"filler {number - 1}").unlink()
database = Database.open(path)
Chats(database).delete(2)
database.close()
print(len(Chats(Database.open(path)).list()))
"""

FIRST_STARTS_ON_A_DISK_THAT_IS_ALMOST_FULL = """
import shutil

refused = 0
for left in range(0, 600_000, 12_000):
    directory = path.with_name(f"left {left}")
    filler = path.with_name("filler")
    filler.write_bytes(bytes(shutil.disk_usage(path.parent).free - left))
    try:
        Database.open(directory / "chats.db").close()
    except DatabaseError:
        refused += 1
    filler.unlink()
    Database.open(directory / "chats.db").close()
    shutil.rmtree(directory)
print(0 < refused < 50)
"""

FILE_SIZE_LIMIT = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "chats.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with closing(Database.open(path, busy_timeout=0.05)) as database:
        yield database


def test_nothing_that_was_shown_as_saved_is_lost_in_60_kills(path: Path) -> None:
    moments = random.Random(1)
    shown: dict[int, int] = {}
    for _ in range(60):
        with start(CHAT_FOR_EVER, path) as writer:
            assert writer.stdout
            lines = [writer.stdout.readline() for _ in range(moments.randint(1, 60))]
            writer.kill()
            lines += (line for line in writer.stdout if line.endswith("\n"))
        shown |= {int(id_): int(length) for id_, length in (line.split() for line in lines)}
        with closing(Database.open(path)) as database:
            chats = Chats(database)
            for id_, length in shown.items():
                assert len(chats.message(id_).text) >= length
    with closing(Database.open(path)) as database:
        assert database.execute("pragma integrity_check") == [("ok",)]


def test_a_reply_under_way_when_the_app_is_killed_is_kept_as_interrupted(path: Path) -> None:
    with start(CHAT_FOR_EVER, path) as writer:
        assert writer.stdout
        [_, reply_id] = [writer.stdout.readline().split()[0] for _ in range(2)]
        writer.kill()
    with closing(Database.open(path)) as database:
        reply = Chats(database).message(int(reply_id))
    assert reply.finish_reason is FinishReason.INTERRUPTED
    assert len(reply.text) >= 2000


def test_a_page_that_was_half_written_when_the_machine_died_is_mended_from_the_log(path: Path) -> None:
    with start(CHAT_FOR_EVER, path) as writer:
        assert writer.stdout
        id_, length = writer.stdout.readline().split()
        writer.kill()
    with path.open("ab") as file:
        file.write(b"half a page")
    with closing(Database.open(path)) as database:
        assert len(Chats(database).message(int(id_)).text) == int(length)
        assert database.execute("pragma integrity_check") == [("ok",)]


def test_a_branch_that_damage_has_made_a_circle_ends(path: Path, database: Database) -> None:
    chats = Chats(database)
    chats.add_user_message(chats.create().id, None, "round and round")
    assert run(sys.executable, "-c", PRELUDE + GO_ROUND, path) == "1\n"


def test_a_kill_while_the_database_is_made_leaves_none(path: Path) -> None:
    with start(DIE, path) as creator:
        assert creator.wait(60) == -signal.SIGKILL
    assert not path.exists()
    Database.open(path).close()


def test_a_kill_in_a_migration_leaves_what_was_there(path: Path) -> None:
    with closing(Database.open(path)) as database:
        Chats(database).create(title="whole")
    with start(DIE, path) as migrator:
        assert migrator.wait(60) == -signal.SIGKILL
    with closing(Database.open(path)) as database:
        assert Chats(database).get(1).title == "whole"
    with closing(Database.open(path.with_name(f"chats.db.v{len(MIGRATIONS)}.bak"))) as backup:
        assert Chats(backup).get(1).title == "whole"


def test_two_windows_on_one_chat_keep_the_messages_of_both(path: Path, database: Database) -> None:
    chats = Chats(database)
    chat = chats.create()
    with start(ADD_TO_THE_CHAT, path, "left") as left, start(ADD_TO_THE_CHAT, path, "right") as right:
        for window in (left, right):
            assert window.stdout
            assert window.stdout.readline() == "ready\n"
        for window in (left, right):
            assert window.stdin
            window.stdin.write("go\n")
            window.stdin.flush()
        assert [left.wait(60), right.wait(60)] == [0, 0]
    saved = {text for (text,) in database.execute("select text from message")}
    assert saved == {f"{window} {number}" for window in ("left", "right") for number in range(40)}
    assert chats.get(chat.id).messages == 80


def test_a_deleted_chat_is_in_no_file_any_more(path: Path) -> None:
    def migrate(connection: Connection) -> None:
        connection.execute("create table later (id integer primary key) strict")

    fill_with_marker(path)
    with closing(Database.open(path, migrations=[*MIGRATIONS, migrate])) as database:
        chats = Chats(database)
        chats.rename(1, f"{MARKER} again")
        assert files_with(MARKER, path.parent) == {
            "chats.db",
            "chats.db-wal",
            f"chats.db.v{len(MIGRATIONS)}.bak",
        }
        chats.delete(1)
        assert files_with(MARKER, path.parent) == set()
        assert len(chats.list()) == 1
    assert files_with(MARKER, path.parent) == set()


def fill_with_marker(path: Path) -> None:
    """Write a marker, at every size and in every column, into a chat between the messages of another one."""
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        chat, other = chats.create(title=MARKER, model=MARKER), chats.create()
        for size in (1, 10, 500, 5000):
            text = f" {MARKER} " * size
            question = chats.add_user_message(chat.id, None, text)
            chats.add_user_message(other.id, None, "kept " * size)
            reply = chats.start_reply(chat.id, question.id, MARKER)
            for share in (3, 2, 1):
                part = text[: len(text) // share]
                chats.save_reply(reply.id, Reply(part, part, part, FinishReason.STOP))


def test_a_deleted_chat_goes_at_the_latest_when_the_program_that_reads_it_ends(path: Path) -> None:
    fill_with_marker(path)
    with closing(Database.open(path, busy_timeout=0.05)) as ours:
        with closing(Database.open(path)) as reader:
            reader.execute("begin")
            reader.execute("select count(*) from message")
            with pytest.raises(DatabaseError, match="keeps traces"):
                Chats(ours).delete(1)
            assert len(Chats(ours).list()) == 1
        assert files_with(MARKER, path.parent) != set()
    assert files_with(MARKER, path.parent) == set()


def test_the_log_gives_its_room_before_anything_is_deleted(path: Path, database: Database) -> None:
    Chats(database).create(title=MARKER)
    assert files_with(MARKER, path.parent) == {"chats.db-wal"}
    with database.erasure():
        assert "chats.db" in files_with(MARKER, path.parent)


def test_deleting_gives_the_room_back_to_the_disk(path: Path, database: Database) -> None:
    chats = Chats(database)
    chats.add_user_message(chats.create().id, None, "x" * 3_000_000)
    kept = chats.add_user_message(chats.create().id, None, "kept " * 1000)
    chats.delete(1)
    assert path.stat().st_size < 150_000
    assert path.with_name("chats.db.reserve").stat().st_size == reserve.SIZE
    assert chats.branch(2) == [kept]
    assert database.execute("pragma integrity_check") == [("ok",)]


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(directory: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in (directory, *directory.iterdir())}


@pytest.mark.usefixtures("no_umask")
def test_every_file_is_private_whatever_the_umask(path: Path) -> None:
    Database.open(path).close()
    with closing(Database.open(path, migrations=[*MIGRATIONS, lambda connection: None])) as database:
        Chats(database).create()
        assert modes(path.parent) == {
            "data": 0o700,
            "chats.db": 0o600,
            "chats.db-wal": 0o600,
            "chats.db-shm": 0o600,
            "chats.db.reserve": 0o600,
            f"chats.db.v{len(MIGRATIONS)}.bak": 0o600,
        }


@pytest.mark.usefixtures("no_umask")
def test_files_that_others_could_read_become_private(path: Path) -> None:
    with start(CHAT_FOR_EVER, path) as writer:
        assert writer.stdout
        writer.stdout.readline()
        writer.kill()
    names = ("chats.db", "chats.db-wal", "chats.db-shm")
    for name in names:
        path.with_name(name).chmod(0o666)
    with closing(Database.open(path)):
        assert [modes(path.parent)[name] for name in names] == [0o600] * 3


def test_a_disk_that_fills_loses_nothing_and_lets_chats_be_deleted(tmp_path: Path) -> None:
    assert "7 The disk is full" in run_on_a_small_disk(FILL + FILL_THE_DISK, tmp_path)


def test_a_start_on_a_full_disk_can_read_and_delete(tmp_path: Path) -> None:
    then = PRELUDE + FILL + "delete_and_go_on(Database.open(path)); print('gone on')"
    output = run_on_a_small_disk(FILL + START_ON_A_FULL_DISK, tmp_path, then)
    assert "No space left" in output
    assert "gone on" in output


def test_a_first_start_on_a_full_disk_leaves_no_half_of_a_database(tmp_path: Path) -> None:
    assert run_on_a_small_disk(FIRST_STARTS_ON_A_DISK_THAT_IS_ALMOST_FULL, tmp_path) == "True\n"


def test_a_disk_that_takes_one_more_file_lets_chats_be_deleted(tmp_path: Path) -> None:
    output = run_on_a_small_disk(FILL + START_WITH_ONE_MORE_FILE, tmp_path, files=20)
    assert "No space left" in output
    assert output.endswith("\n3\n")


def test_a_file_that_may_not_grow_loses_nothing_and_lets_chats_be_deleted(path: Path) -> None:
    script = PRELUDE + FILL + FILE_SIZE_LIMIT + FILL_THE_DISK
    assert "7 The disk refused" in run(sys.executable, "-c", script, path)
