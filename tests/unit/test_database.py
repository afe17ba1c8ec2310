"""The database: what it refuses, what it says then, and who may use it at once."""

from __future__ import annotations

import errno
import os
import random
import re
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from shutil import rmtree
from threading import Barrier

import pytest
from sqlcipher3 import dbapi2 as sqlite

from localr1.errors import BusyError, DatabaseError
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.store.driver import connect
from localr1.store.encryption import encrypt
from localr1.store.failures import translated
from localr1.store.key_file import is_encrypted
from localr1.store.migrations import MIGRATIONS
from localr1.store.sealed_key import Cost

NOBODY = 65534


def open_database(path: Path) -> Database:
    return Database.open(path, busy_timeout=0.05)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database that holds one chat and a draft."""
    path = tmp_path / "chats.db"
    with closing(open_database(path)) as database:
        chats = Chats(database)
        chats.add_user_message(chats.create().id, None, "hello " * 10_000)
        Drafts(database).save(None, "hello")
    return path


@pytest.fixture
def home_of_nobody() -> Iterator[Path]:
    """A directory whose permissions count, as they don't for root."""
    directory = Path(tempfile.mkdtemp())
    root = os.geteuid() == 0
    if root:
        os.chown(directory, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield directory
    finally:
        if root:
            os.seteuid(0)
        directory.chmod(0o700)
        rmtree(directory)


def refusal(path: Path) -> DatabaseError:
    """The error for a file that must be refused, after a look that it is still what it was."""
    before = path.read_bytes()
    with pytest.raises(DatabaseError) as raised, closing(open_database(path)) as database:
        chats = Chats(database)
        Drafts(database).get(None)
        for chat in chats.list():
            chats.branch(chat.id)
            chats.add_user_message(chat.id, None, "x" * 10_000)
    assert path.read_bytes() == before
    assert raised.value.exit_code == 7
    assert raised.value.hint
    return raised.value


def test_the_settings_that_keep_chats_whole_and_private_are_on(path: Path) -> None:
    with closing(open_database(path)) as database:
        for pragma, value in {
            "cipher_log_level": "NONE",
            "journal_mode": "wal",
            "synchronous": 2,
            "secure_delete": 1,
            "trusted_schema": 0,
            "foreign_keys": 1,
            "cell_size_check": 1,
            "auto_vacuum": 2,
            "wal_autocheckpoint": 256,
            "busy_timeout": 50,
        }.items():
            assert database.execute(f"pragma {pragma}") == [(value,)], pragma


def test_a_block_that_raises_has_written_nothing(path: Path) -> None:
    with closing(open_database(path)) as database:
        with suppress(KeyboardInterrupt), database.transaction():
            database.execute("update chat set title = 'half done'")
            raise KeyboardInterrupt
        with database.transaction():
            assert database.execute("select title from chat") == [("",)]


def test_threads_share_a_database_without_mixing_their_transactions(path: Path) -> None:
    with closing(open_database(path)) as database, ThreadPoolExecutor(4) as threads:
        barrier = Barrier(4, timeout=30)

        def add(number: int) -> None:
            chats = Chats(database)
            barrier.wait()
            for _ in range(20):
                chat = chats.create(title=str(number))
                chats.add_user_message(chat.id, None, str(number))

        list(threads.map(add, range(4)))
        rows = database.execute("select title, text from chat join message on message.id = leaf_id")
        assert sorted(rows[1:]) == sorted([(str(number), str(number)) for number in range(4)] * 20)


def test_windows_that_start_at_once_make_one_database(tmp_path: Path) -> None:
    barrier = Barrier(6, timeout=30)

    def start(number: int) -> None:
        barrier.wait()
        with closing(Database.open(tmp_path / "data" / "chats.db")) as database:
            Chats(database).create(title=str(number))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(start, range(6)))
    with closing(Database.open(tmp_path / "data" / "chats.db")) as database:
        assert sorted(chat.title for chat in Chats(database).list()) == list("012345")


@pytest.mark.parametrize("name", ["☃ chats 🧠.db", "a'b\"; ?mode=memory#.db", os.fsdecode(b"\xff\xfe.db")])
def test_a_database_may_lie_under_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / name
    with closing(open_database(path)) as database:
        Chats(database).create()
    assert path.read_bytes().startswith(b"SQLite format 3")


def test_a_link_leads_to_the_database_and_its_files_stay_beside_that(tmp_path: Path, path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    with closing(open_database(link)) as database:
        assert len(Chats(database).list()) == 1
        Chats(database).create()
        assert [file.name for file in link.parent.iterdir()] == ["link.db"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"S", "is damaged or not a database"),
        (b"SQLite format 3\0", "is damaged or not a database"),
        (random.Random(1).randbytes(50_000), "is damaged or not a database"),
        (b"PK\3\4" + bytes(9000), "is damaged or not a database"),
        (b"SQLite format 3\0" + bytes(9000), "is the database of another program"),
    ],
    ids=["empty", "one byte", "magic", "random", "zip", "zeros"],
)
def test_a_file_that_is_no_database_is_refused_and_stays_as_it_is(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "chats.db"
    path.write_bytes(content)
    error = refusal(path)
    assert f"{path} {words}" in error.message
    assert "Move it away" in error.hint or f"mv -i {path} {path}.damaged" in error.hint


@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_a_database_that_was_cut_short_is_refused_and_stays_as_it_is(path: Path, share: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert re.search("is damaged|cut short", refusal(path).message)


def test_a_database_cut_between_two_pages_is_refused_and_stays_as_it_is(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])
    assert "is damaged" in refusal(path).message


@pytest.mark.parametrize("page", range(9))
def test_a_page_of_rubbish_is_found_and_nothing_is_written(path: Path, page: int) -> None:
    whole = bytearray(path.read_bytes())
    start = max(page * 4096, 100)
    whole[start : (page + 1) * 4096] = b"\xff" * ((page + 1) * 4096 - start)
    path.write_bytes(whole)
    assert "is damaged" in refusal(path).message


@pytest.mark.parametrize(
    ("column", "value"), [("role", "usex"), ("finish_reason", "stoq"), ("stats", '{"prompt_tokens":')]
)
def test_a_message_that_makes_no_sense_is_named_and_the_others_can_be_read(
    path: Path, column: str, value: str
) -> None:
    with closing(open_database(path)) as database:
        chats = Chats(database)
        chat = chats.create()
        message = chats.add_user_message(chat.id, None, "x")
        database.execute(f"update message set {column} = ? where id = ?", value, message.id)
        with pytest.raises(DatabaseError, match=f"Message {message.id} is damaged"):
            chats.branch(chat.id)
        assert len(chats.branch(chats.list()[1].id)) == 1


def test_text_that_can_no_longer_be_decoded_is_read_as_far_as_it_goes(path: Path) -> None:
    whole = path.read_bytes()
    place = whole.index(b"hello hello")
    path.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
    with closing(open_database(path)) as database:
        [message] = Chats(database).branch(1)
        assert message.text == "\ufffdello " + "hello " * 9_999


def test_a_damaged_database_names_the_command_that_goes_back_to_its_newest_backup(path: Path) -> None:
    for number, name in enumerate(["2026-11-20", "2026-11-21", "replaced-2026-11-22T100000"]):
        backup = path.with_name(f"chats.db.{name}.bak")
        backup.write_bytes(b"")
        os.utime(backup, (number, number))
    path.write_bytes(b"rubbish")
    assert "`localr1 chats restore 2026-11-21`" in refusal(path).hint


def test_a_damaged_database_without_a_backup_is_moved_away_by_the_command_that_is_named(path: Path) -> None:
    path.write_bytes(b"rubbish")
    path.with_name("chats.db-wal").write_bytes(b"rubbish")
    subprocess.run(refusal(path).hint.partition(": ")[2], shell=True, check=True, stdin=subprocess.DEVNULL)
    assert path.with_name("chats.db.damaged").read_bytes() == b"rubbish"
    assert path.with_name("chats.db.damaged-wal").read_bytes() == b"rubbish"
    assert not path.with_name("chats.db-wal").exists()
    open_database(path).close()


def test_the_database_of_another_program_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    with closing(sqlite.connect(path)) as connection:
        connection.execute("create table recipe (text text)")
    assert "another program" in refusal(path).message


def test_a_directory_or_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(DatabaseError, match="is not a file"):
            open_database(path)


def test_a_looping_link_and_a_file_in_place_of_a_directory_are_refused(tmp_path: Path, path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for broken in (loop, path / "chats.db", tmp_path / ("x" * 300)):
        with pytest.raises(DatabaseError, match=r"can't be used|is not a file"):
            open_database(broken)


def test_a_log_without_its_database_is_not_thrown_away(tmp_path: Path) -> None:
    log = tmp_path / "chats.db-wal"
    log.write_bytes(b"messages")
    with pytest.raises(DatabaseError, match="is missing") as raised:
        open_database(tmp_path / "chats.db")
    assert "Put chats.db back" in raised.value.hint
    assert log.read_bytes() == b"messages"
    assert list(tmp_path.iterdir()) == [log]


def test_a_lock_held_too_long_is_called_busy_and_costs_nothing(path: Path) -> None:
    with closing(open_database(path)) as ours, closing(open_database(path)) as theirs:
        chats = Chats(ours)
        with theirs.transaction():
            with pytest.raises(DatabaseError, match="busy") as raised:
                chats.create()
            assert len(chats.list()) == 1
        assert raised.value.exit_code == 7
        chats.create()
        assert len(chats.list()) == 2


def test_a_lock_is_waited_for_five_seconds_unless_told_otherwise(path: Path) -> None:
    with closing(Database.open(path)) as database:
        assert database.execute("pragma busy_timeout") == [(5000,)]


def test_who_does_not_want_to_wait_for_a_lock_is_told_at_once_and_waits_again_afterwards(path: Path) -> None:
    with closing(Database.open(path, busy_timeout=600)) as ours, closing(open_database(path)) as theirs:
        with theirs.transaction(), pytest.raises(BusyError), ours.without_waiting():
            Chats(ours).create()
        assert ours.execute("pragma busy_timeout") == [(600_000,)]


def test_a_window_opens_while_another_one_writes(path: Path) -> None:
    with closing(open_database(path)) as writer, writer.transaction(), closing(open_database(path)) as reader:
        assert len(Chats(reader).list()) == 1


def test_a_file_that_may_not_be_written_can_be_read_and_says_so_when_written(home_of_nobody: Path) -> None:
    path = home_of_nobody / "chats.db"
    open_database(path).close()
    path.chmod(0o400)
    with closing(open_database(path)) as database:
        assert Chats(database).list() == []
        with pytest.raises(DatabaseError, match="can't be written") as raised:
            Chats(database).create()
    assert f"ls -ld {home_of_nobody} {path}" in raised.value.hint


def test_an_encrypted_file_that_may_not_be_read_is_refused_with_the_way_to_look(home_of_nobody: Path) -> None:
    path = home_of_nobody / "chats.db"
    open_database(path).close()
    encrypt(path, "x", cost=Cost(n=16, r=8, p=1))
    path.chmod(0)
    with pytest.raises(DatabaseError, match="Permission denied") as raised:
        is_encrypted(path)
    assert f"ls -ld {home_of_nobody} {path}" in raised.value.hint


def test_a_directory_that_may_not_be_written_is_refused_with_the_way_to_look(home_of_nobody: Path) -> None:
    home_of_nobody.chmod(0o500)
    for database in (home_of_nobody / "new.db", home_of_nobody / "new" / "chats.db"):
        with pytest.raises(DatabaseError, match=r"can't be (written|used)") as raised:
            open_database(database)
        assert "must be yours and writable" in raised.value.hint


@pytest.mark.parametrize("directory", [True, False])
def test_what_may_not_be_written_is_opened_to_be_read(home_of_nobody: Path, directory: bool) -> None:
    path = home_of_nobody / "chats.db"
    open_database(path).close()
    (home_of_nobody if directory else path).chmod(0o500)
    with closing(open_database(path)) as database:
        assert Chats(database).list() == []
        with pytest.raises(DatabaseError, match="can't be written") as raised:
            Chats(database).create()
    assert "must be yours and writable" in raised.value.hint


def test_a_database_that_may_not_grow_stays_readable_and_lets_chats_be_deleted(path: Path) -> None:
    with closing(open_database(path)) as database:
        chats = Chats(database)
        [pages] = database.execute("pragma page_count")[0]
        database.execute(f"pragma max_page_count = {pages + 4}")
        chat = chats.create()
        with pytest.raises(DatabaseError, match="The disk is full"):
            chats.add_user_message(chat.id, None, "x" * 100_000)
        old = chats.list()[1]
        assert chats.branch(old.id)[0].text.startswith("hello")
        chats.delete(old.id)
        chats.add_user_message(chat.id, None, "x" * 50_000)


def test_a_database_in_memory_leaves_no_file_even_when_a_chat_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(Database.in_memory()) as database:
        chats = Chats(database)
        chats.add_user_message(chats.create().id, None, "hello")
        chats.delete(1)
        assert chats.list() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_file_for_which_there_is_no_room_is_a_full_disk(tmp_path: Path, number: int) -> None:
    with pytest.raises(DatabaseError, match="The disk is full"), translated(tmp_path):
        raise OSError(number, os.strerror(number))


def test_a_new_database_is_at_the_newest_version(path: Path) -> None:
    with closing(open_database(path)) as database:
        assert database.execute("pragma user_version") == [(len(MIGRATIONS),)]
        assert database.execute("pragma integrity_check") == [("ok",)]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOLCK, "lies on a disk where files can't be locked"),
        (errno.EIO, "The disk refused to read or write"),
        (errno.ENOSPC, "The disk is full"),
        (errno.EACCES, "can't be used: Permission denied"),
    ],
)
def test_rights_are_only_blamed_where_they_are_the_reason(tmp_path: Path, code: int, words: str) -> None:
    with pytest.raises(DatabaseError, match=words) as raised, translated(tmp_path / "chats.db"):
        raise OSError(code, os.strerror(code))
    assert ("ls -ld" in raised.value.hint) == (code == errno.EACCES)


def test_a_disk_that_takes_no_more_files_is_no_matter_of_rights(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    open_database(path).close()
    path.with_name("chats.db-wal").mkdir()
    with pytest.raises(DatabaseError, match="takes no more files") as raised, translated(path):
        connect(path)
    assert "ls -ld" not in raised.value.hint
