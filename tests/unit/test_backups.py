"""Backups: made by themselves, whole and private, few, and without what was deleted."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from localr1.errors import DamagedError, DatabaseError
from localr1.store import expunging
from localr1.store.backups import DAYS, backup_path, list_backups, newest_backup, thin_out
from localr1.store.chats import Chats
from localr1.store.copying import ChangedError, check_copy, write_copy
from localr1.store.daily import backed_up_daily, due, today
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.store.encryption import encrypt
from localr1.store.failures import translated
from localr1.store.key_file import is_encrypted, read_key
from localr1.store.manual_backup import back_up_now, back_up_to
from localr1.store.migrations import MIGRATIONS
from localr1.store.sealed_key import Cost
from tests.faults.scripts import files_with

CHEAP = Cost(n=16, r=8, p=1)
MARKER = "xyzzy-plugh"
WAIT_SECONDS = 30.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "chats.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with closing(Database.open(path, busy_timeout=0.05)) as database:
        yield database


def say(chats: Chats, title: str, text: str = MARKER) -> int:
    chat = chats.create(title=title)
    chats.add_user_message(chat.id, None, text)
    return chat.id


def titles(path: Path) -> set[str]:
    with closing(Database.open(path)) as database:
        return {chat.title for chat in Chats(database).list()}


def wait_for_a_backup(path: Path) -> Path:
    deadline = time.monotonic() + WAIT_SECONDS
    while not (found := list_backups(path)):
        assert time.monotonic() < deadline, "there never was a backup"
        time.sleep(0.01)
    return found[0].path


def make(path: Path, name: str, age: float = 0.0, content: bytes = b"x") -> Path:
    backup = backup_path(path, name)
    backup.write_bytes(content)
    os.utime(backup, (time.time() - age,) * 2)
    return backup


def names(path: Path) -> list[str]:
    return [backup.name for backup in list_backups(path)]


def test_a_program_that_runs_makes_a_whole_and_private_backup_by_itself(
    database: Database, path: Path
) -> None:
    say(Chats(database), "kept")
    with backed_up_daily(database, begins_after=0):
        backup = wait_for_a_backup(path)
    assert backup == backup_path(path, today())
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert not list(path.parent.glob("*.new*"))
    assert titles(backup) == {"kept"}


def test_a_program_that_ends_early_leaves_nothing_unfinished(database: Database, path: Path) -> None:
    say(Chats(database), "large", "x" * 10_000_000)
    with backed_up_daily(database, begins_after=0):
        pass
    assert not list(path.parent.glob("*.new*"))


def test_a_database_without_a_message_gets_no_backup(database: Database, path: Path) -> None:
    with backed_up_daily(database, begins_after=3600):
        Chats(database).create()
    assert names(path) == []


@pytest.mark.parametrize("size", [10, 10_000_000])
def test_a_program_that_ends_before_the_first_look_makes_a_small_backup_at_once(
    database: Database, path: Path, size: int
) -> None:
    with backed_up_daily(database, begins_after=3600):
        say(Chats(database), "kept", "x" * size)
        database.execute("pragma wal_checkpoint(truncate)")
    assert names(path) == ([today()] if size == 10 else [])


def test_a_backup_is_due_once_a_day_and_only_where_something_has_changed(
    database: Database, path: Path
) -> None:
    say(Chats(database), "a")
    assert due(path, "2026-11-22")
    make(path, "2026-11-21", age=-60)
    assert not due(path, "2026-11-22"), "nothing was written since"
    make(path, "2026-11-21", age=3600)
    assert due(path, "2026-11-22")
    make(path, "2026-11-22", age=7200)
    assert not due(path, "2026-11-22"), "there is one of today"


def test_a_backup_from_a_day_when_the_clock_was_wrong_keeps_no_later_one_from_being_made(
    database: Database, path: Path
) -> None:
    say(Chats(database), "a")
    make(path, "2040-01-01", age=-1e8)
    assert due(path, "2026-11-22")


def test_what_only_has_the_name_of_a_backup_is_none_and_does_no_harm(database: Database, path: Path) -> None:
    chat_id = say(Chats(database), "a")
    backup_path(path, "2026-11-20").symlink_to(path.with_name("nothing"))
    backup_path(path, "2026-11-21").mkdir()
    assert list_backups(path) == []
    Chats(database).delete(chat_id)
    with closing(Database.open(path)) as again:
        assert Chats(again).list() == []


def test_opening_and_reading_is_no_change(path: Path) -> None:
    with closing(Database.open(path)) as database:
        say(Chats(database), "a")
    make(path, "2026-11-21")
    with closing(Database.open(path)) as database:
        assert len(Chats(database).list()) == 1
        assert not due(path, "2026-11-22")


def test_what_is_written_while_a_backup_is_checked_makes_the_next_one_due(
    database: Database, path: Path
) -> None:
    say(Chats(database), "a")

    def write() -> bool:
        os.utime(path)
        return False

    write_copy(path, backup_path(path, "2026-11-21"), give_up=write)
    assert due(path, "2026-11-22")


def test_the_backups_of_seven_days_are_kept(path: Path) -> None:
    path.parent.mkdir()
    days = [f"2026-11-{day:02}" for day in range(1, 12)]
    for day in (*days, "v4", "replaced-2026-11-01T100000"):
        make(path, day)
    thin_out(path, days[0])
    assert sorted(names(path)) == [days[0], *days[-DAYS:], "replaced-2026-11-01T100000", "v4"]


def test_a_copy_that_a_kill_left_goes_and_one_that_grows_stays(path: Path) -> None:
    path.parent.mkdir()
    grows, left = path.with_name("chats.db.a.new"), path.with_name("chats.db.b.new")
    grows.touch()
    left.touch()
    os.utime(left, (0, 0))
    thin_out(path, "")
    assert grows.exists()
    assert not left.exists()


@pytest.mark.parametrize("reason", ["written", "stopped"])
def test_a_copy_is_given_up_when_somebody_writes_or_the_program_ends(
    database: Database, path: Path, reason: str
) -> None:
    chats = Chats(database)
    say(chats, "large", "x" * 10_000_000)
    steps = iter(range(20))

    def between() -> bool:
        assert next(steps, None) is not None, "it was begun anew, again and again"
        if reason == "written":
            chats.create()
        return reason == "stopped"

    with pytest.raises(ChangedError):
        write_copy(path, backup_path(path, "now"), give_up=between)
    assert names(path) == []
    assert not list(path.parent.glob("*.new*"))


def test_a_damaged_database_makes_no_backup_and_costs_none(path: Path) -> None:
    with closing(Database.open(path)) as database:
        say(Chats(database), "large", "x" * 100_000)
    make(path, "2026-11-21")
    whole = bytearray(path.read_bytes())
    whole[-4 * 4096 :] = b"\xff" * 4 * 4096
    path.write_bytes(whole)
    with pytest.raises(DamagedError, match=r"chats\.db is damaged"):
        write_copy(path, backup_path(path, "2026-11-22"))
    assert names(path) == ["2026-11-21"]


def test_a_backup_of_encrypted_chats_is_encrypted_and_opens_with_their_passphrase(path: Path) -> None:
    with closing(Database.open(path)) as database:
        say(Chats(database), MARKER)
    encrypt(path, "old", cost=CHEAP)
    taken_out = path.parent.parent / "mine.db"
    with closing(Database.open(path, key=read_key(path, "old"))) as database:
        beside = back_up_now(database)
        back_up_to(database, taken_out)
    assert files_with(MARKER, path.parent.parent) == set()
    assert is_encrypted(taken_out)
    for file, sealed in ((beside, path), (taken_out, taken_out)):
        with closing(Database.open_backup(file, read_key(sealed, "old"))) as database:
            assert Chats(database).list()[0].title == MARKER


def test_the_log_that_a_kill_left_beside_a_backup_does_not_spoil_the_next_one(
    database: Database, path: Path
) -> None:
    say(Chats(database), "kept")
    backup = back_up_now(database)
    with closing(Database.open_backup(backup, None)) as opened:
        opened.execute("update chat set title = 'of the old one'")
        log = backup.with_name(f"{backup.name}-wal").read_bytes()
    backup.with_name(f"{backup.name}-wal").write_bytes(log)
    back_up_now(database)
    assert titles(backup) == {"kept"}


def test_what_was_never_sent_is_in_no_backup(database: Database, path: Path) -> None:
    say(Chats(database), "kept", "text")
    Drafts(database).save(None, MARKER)
    Drafts(database).save(1, MARKER)
    backup = back_up_now(database)
    assert MARKER.encode() not in backup.read_bytes()
    assert titles(backup) == {"kept"}


def test_what_was_replaced_is_never_the_one_to_go_back_to(path: Path) -> None:
    path.parent.mkdir()
    make(path, "2026-11-20", age=60)
    make(path, "replaced-2026-11-22T100000")
    newest = newest_backup(path)
    assert newest
    assert newest.name == "2026-11-20"


def test_a_deleted_chat_leaves_every_backup_and_the_others_stay_there(database: Database, path: Path) -> None:
    chats = Chats(database)
    gone, kept = say(chats, f"gone {MARKER}"), say(chats, "kept", "kept " * 1000)
    backups = [write_copy(path, backup_path(path, day)) for day in ("2026-11-20", "2026-11-21")]
    chats.delete(gone)
    assert files_with(MARKER, path.parent) == set()
    for backup in backups:
        with closing(Database.open(backup)) as opened:
            assert [chat.id for chat in Chats(opened).list()] == [kept]
            assert opened.execute("pragma integrity_check") == [("ok",)]
            found = "select count(*) from message_search where message_search match ?"
            assert [opened.execute(found, word) for word in ("xyzzy", "kept")] == [[(0,)], [(1,)]]


def test_a_pruned_message_leaves_every_backup(database: Database, path: Path) -> None:
    chats = Chats(database)
    chat = chats.create()
    first = chats.add_user_message(chat.id, None, "kept")
    second = chats.add_user_message(chat.id, first.id, MARKER)
    backup = write_copy(path, backup_path(path, "2026-11-21"))
    chats.prune(second.id)
    assert files_with(MARKER, path.parent) == set()
    with closing(Database.open(backup)) as opened:
        assert [message.text for message in Chats(opened).branch(chat.id)] == ["kept"]


def test_the_backups_of_encrypted_chats_lose_what_is_deleted_too(path: Path) -> None:
    with closing(Database.open(path)) as database:
        say(Chats(database), "gone")
        say(Chats(database), "kept")
    encrypt(path, "old", cost=CHEAP)
    key = read_key(path, "old")
    with closing(Database.open(path, key=key)) as database:
        backup = back_up_now(database)
        Chats(database).delete(1)
    with closing(Database.open_backup(backup, key)) as opened:
        assert [chat.title for chat in Chats(opened).list()] == ["kept"]


def test_another_chat_of_the_same_number_stays_in_a_newer_backup(path: Path) -> None:
    """An older database that was put back gives numbers anew."""
    clock = iter(range(100))
    with closing(Database.open(path)) as database:
        say(Chats(database, clock=lambda: next(clock)), "from before")
        backup = write_copy(path, backup_path(path, "2026-11-21"))
    path.unlink()
    with closing(Database.open(path)) as database:
        chats = Chats(database, clock=lambda: next(clock))
        chats.delete(say(chats, "another", "one"))
    assert titles(backup) == {"from before"}


@pytest.mark.parametrize("obstacle", ["damaged", "older", "large"])
def test_a_backup_out_of_which_nothing_can_be_taken_goes_as_a_whole(
    database: Database, path: Path, obstacle: str
) -> None:
    say(Chats(database), MARKER)
    backup = backup_path(path, "2026-11-21")
    match obstacle:
        case "damaged":
            backup.write_text(MARKER)
        case "older":
            Database.open(backup, migrations=MIGRATIONS[:2]).close()
        case "large":
            write_copy(path, backup)
            with backup.open("ab") as file:
                file.truncate(expunging.LARGE + 4096)
    Chats(database).delete(1)
    assert not backup.exists()
    assert files_with(MARKER, path.parent) == set()


def test_backups_for_which_the_user_would_wait_long_go_as_a_whole(database: Database, path: Path) -> None:
    say(Chats(database), MARKER)
    write_copy(path, backup_path(path, "2026-11-21"))
    expunging.expunge(database, lambda backup: None, patience=0)
    assert names(path) == []


def test_a_copy_that_somebody_is_writing_never_gets_its_name_once_a_chat_was_deleted(
    database: Database, path: Path
) -> None:
    chats = Chats(database)
    say(chats, MARKER)

    def delete_once() -> bool:
        if chats.list():
            chats.delete(1)
        return False

    with pytest.raises(DatabaseError), translated(path):
        write_copy(path, backup_path(path, "2026-11-21"), give_up=delete_once)
    assert files_with(MARKER, path.parent) == set()
    assert names(path) == []


def test_a_copy_that_was_taken_away_is_not_taken_for_an_empty_one(database: Database, path: Path) -> None:
    with pytest.raises(DatabaseError, match="changed while it was copied"):
        check_copy(path.with_name("away"), path, None)


def test_deleting_everything_takes_backups_and_drafts_along(database: Database, path: Path) -> None:
    chats = Chats(database)
    say(chats, MARKER)
    Drafts(database).save(None, MARKER)
    write_copy(path, backup_path(path, "2026-11-21"))
    chats.deletions.everything()
    assert files_with(MARKER, path.parent) == set()
    assert names(path) == []
    assert Drafts(database).get(None) == ""
