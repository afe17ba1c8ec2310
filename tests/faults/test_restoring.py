"""Putting a backup back: however it ends, the chats are the old ones or those of the backup."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest
from sqlcipher3 import dbapi2 as sqlite

from localr1.errors import DatabaseError
from localr1.store.backups import backup_path, list_backups
from localr1.store.chats import Chats
from localr1.store.copying import write_copy
from localr1.store.database import Database
from localr1.store.encryption import encrypt
from localr1.store.key_file import is_encrypted, read_key
from localr1.store.manual_backup import back_up_to
from localr1.store.migrations import MIGRATIONS
from localr1.store.restoring import restore
from localr1.store.sealed_key import Cost, DatabaseKey
from tests.faults.scripts import files_with, killed_at_every_step, run_on_a_small_disk

CHEAP = Cost(n=16, r=8, p=1)
OLD, NEW = "as it was then", "as it is now"

RESTORE = """
from localr1.store.backups import backup_path
from localr1.store.restoring import restore

def act(database):
    restore(database, backup_path(database, "2026-11-21"))
"""

FILL = """
import shutil

def fill_up_to(left):
    with open(path.parent / "filler", "wb") as filler:
        filler.write(bytes(shutil.disk_usage(path.parent).free - left))
"""

RESTORE_ON_A_FULL_DISK = """
from localr1.store.backups import backup_path
from localr1.store.copying import write_copy
from localr1.store.restoring import restore
database = Database.open(path)
chats = Chats(database)
chats.add_user_message(chats.create(title="kept").id, None, "x" * 1_000_000)
backup = write_copy(path, backup_path(path, "2026-11-21"))
database.close()
fill_up_to(500_000)
try:
    restore(path, backup)
except DatabaseError as error:
    print(error)
print(*(chat.title for chat in Chats(Database.open(path)).list()), sorted(os.listdir(path.parent)))
"""

BACK_UP_ON_A_FULL_DISK = """
import time
from localr1.store.backups import list_backups
from localr1.store.daily import backed_up_daily, lacking_room
from localr1.store.manual_backup import back_up_now
database = Database.open(path)
chats = Chats(database)
chats.add_user_message(chats.create(title="kept").id, None, "x" * 1_000_000)
fill_up_to(1_000_000)
assert lacking_room(path) > 0
with backed_up_daily(database, begins_after=0):
    chats.create(title="goes on")
try:
    back_up_now(database)
except DatabaseError as error:
    print(error)
print(list_backups(path), len(chats.list()))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database and its backup of the day before."""
    path = tmp_path / "data" / "chats.db"
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        chats.create(title=OLD)
        write_copy(path, backup_path(path, "2026-11-21"))
        chats.rename(1, NEW)
    return path


def title(path: Path, key: DatabaseKey | None = None) -> str:
    with closing(Database.open(path, key=key)) as database:
        assert database.execute("pragma integrity_check") == [("ok",)]
        return Chats(database).get(1).title


def backup_of(path: Path) -> Path:
    return backup_path(path, "2026-11-21")


def test_a_backup_takes_the_place_of_the_chats_and_they_stay_beside_it(path: Path) -> None:
    replaced = restore(path, backup_of(path))
    assert title(path) == OLD
    assert replaced
    restore(path, replaced)
    assert title(path) == NEW
    assert {each.path.stat().st_mode & 0o777 for each in list_backups(path)} == {0o600}


def test_a_kill_at_any_step_leaves_the_old_chats_or_those_of_the_backup(path: Path, tmp_path: Path) -> None:
    """What a killed program left in the log is part of the old ones."""
    killed = tmp_path / "killed"
    with closing(Database.open(path)) as database:
        Chats(database).rename(1, f"{NEW} in the log")
        copytree(path.parent, killed)
    all_killed = killed_at_every_step(RESTORE, killed / path.name)
    assert len(all_killed) > 10
    found = []
    for database_path in all_killed:
        found.append(title(database_path))
        assert database_path.stat().st_nlink == 1, database_path
        assert {file.name for file in database_path.parent.glob("*.copy*")} == set()
        assert backup_of(database_path).exists()
    assert set(found) == {f"{NEW} in the log", OLD}
    assert found == sorted(found, key=[f"{NEW} in the log", OLD].index), "once new, it stays new"


@pytest.mark.parametrize("damaged", [b"", b"rubbish" * 1000], ids=["empty", "rubbish"])
def test_a_damaged_database_is_kept_as_it_is_beside_its_backup(path: Path, damaged: bytes) -> None:
    path.write_bytes(damaged)
    path.with_name("chats.db-wal").write_bytes(b"what was in the log")
    replaced = restore(path, backup_of(path))
    assert title(path) == OLD
    assert replaced
    assert replaced.read_bytes() == damaged
    assert replaced.with_name(f"{replaced.name}-wal").read_bytes() == b"what was in the log"


def test_a_database_that_is_gone_comes_back(path: Path) -> None:
    path.unlink()
    assert restore(path, backup_of(path)) is None
    assert title(path) == OLD


@pytest.mark.parametrize("place", ["beginning", "middle", "end", "cut", "empty", "other"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_changes(path: Path, place: str) -> None:
    backup = backup_of(path)
    whole = backup.read_bytes()
    rubbish = b"\xff" * 4096
    backup.write_bytes(
        {
            "beginning": rubbish + whole[4096:],
            "middle": whole[:8192] + rubbish * 3 + whole[8192 + 3 * 4096 :],
            "end": whole[:-4096],
            "cut": whole[:-100],
            "empty": b"",
            "other": b"%PDF-1.7" * 1000,
        }[place]
    )
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(DatabaseError, match="not a whole backup") as raised:
        restore(path, backup)
    assert "chats backups" in raised.value.hint
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_backup_of_a_newer_version_is_refused(path: Path) -> None:
    newer = path.with_name("newer.db")
    Database.open(newer, migrations=[*MIGRATIONS, lambda connection: None]).close()
    with pytest.raises(DatabaseError, match=f"^{newer} was written by a newer localr1"):
        restore(path, newer)
    assert title(path) == NEW


def test_the_database_of_another_program_is_no_backup(path: Path) -> None:
    other = path.with_name("other.db")
    with closing(sqlite.connect(other)) as connection:
        connection.execute("create table other (text)")
    with pytest.raises(DatabaseError, match=r"^other\.db is not a whole backup"):
        restore(path, other)
    assert title(path) == NEW


def test_a_backup_of_an_older_version_is_migrated_when_it_is_opened(path: Path) -> None:
    older = backup_path(path, "v2")
    with closing(Database.open(older, migrations=MIGRATIONS[:2])) as database:
        database.execute("insert into chat (title, model, created_at) values ('old', 'nano', 0)")
    restore(path, older)
    assert title(path) == "old"


def test_chats_that_are_open_elsewhere_are_left_alone(path: Path) -> None:
    with closing(Database.open(path)), pytest.raises(DatabaseError, match="in use by another localr1"):
        restore(path, backup_of(path), timeout=0.05)
    assert title(path) == NEW


def test_the_backup_of_encrypted_chats_comes_back_under_their_passphrase(path: Path) -> None:
    encrypt(path, "old", cost=CHEAP)
    key = read_key(path, "old")
    with closing(Database.open(path, key=key)) as database:
        write_copy(path, backup_of(path), key)
        Chats(database).rename(1, "later")
    restore(path, backup_of(path), key=key, backup_key=key)
    assert title(path, read_key(path, "old")) == NEW
    assert files_with(NEW, path.parent) == set()


def test_a_plain_backup_of_encrypted_chats_is_encrypted_on_the_way(path: Path, tmp_path: Path) -> None:
    plain = backup_of(path).rename(tmp_path / "plain.db")
    encrypt(path, "old", cost=CHEAP)
    key = read_key(path, "old")
    restore(path, plain, key=key)
    assert is_encrypted(path)
    assert title(path, read_key(path, "old")) == OLD
    assert files_with(OLD, path.parent) == files_with("create table", path.parent) == set()


def test_encrypted_chats_that_were_taken_out_come_back_to_a_new_machine_with_their_key(
    path: Path, tmp_path: Path
) -> None:
    encrypt(path, "old", cost=CHEAP)
    taken_out, elsewhere = tmp_path / "mine.db", tmp_path / "elsewhere" / "chats.db"
    key = read_key(path, "old")
    with closing(Database.open(path, key=key)) as database:
        back_up_to(database, taken_out)
    restore(elsewhere, taken_out, backup_key=read_key(taken_out, "old"))
    assert title(elsewhere, read_key(elsewhere, "old")) == NEW


def test_chats_of_another_passphrase_come_back_under_the_one_of_here(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "chats.db"
    with closing(Database.open(other)) as database:
        Chats(database).create(title="other")
    encrypt(other, "theirs", cost=CHEAP)
    encrypt(path, "ours", cost=CHEAP)
    restore(path, other, key=read_key(path, "ours"), backup_key=read_key(other, "theirs"))
    assert title(path, read_key(path, "ours")) == "other"


def test_a_full_disk_leaves_the_chats_and_nothing_else(tmp_path: Path) -> None:
    printed = run_on_a_small_disk(FILL + RESTORE_ON_A_FULL_DISK, tmp_path)
    assert "The disk is full" in printed
    assert printed.endswith("kept ['chats.db', 'chats.db.2026-11-21.bak', 'chats.db.reserve', 'filler']\n")


def test_a_full_disk_gets_no_backup_and_the_chat_goes_on(tmp_path: Path) -> None:
    said = run_on_a_small_disk(FILL + BACK_UP_ON_A_FULL_DISK, tmp_path)
    assert said == f"The disk is full: {tmp_path / 'chats.db'} can't grow.\n[] 2\n"


def test_what_a_kill_has_left_beside_the_copy_never_spoils_the_next_one(path: Path) -> None:
    journal = path.with_name("chats.db.copy-journal")
    with closing(sqlite.connect(path.with_name("chats.db.copy"), isolation_level=None)) as copy:
        copy.execute("pragma cache_size = 1")
        copy.execute("create table other (text)")
        copy.executemany("insert into other values (?)", [["x" * 3_000]] * 50)
        copy.execute("begin immediate")
        copy.execute("update other set text = text || 'y'")
        left = journal.read_bytes()
    journal.write_bytes(left)
    restore(path, backup_of(path))
    assert title(path) == OLD
    assert not journal.exists()


def test_the_journal_of_a_damaged_database_goes_along_with_it(path: Path) -> None:
    journal = path.with_name("chats.db-journal")
    path.write_bytes(b"rubbish")
    journal.write_bytes(b"what was there before")
    replaced = restore(path, backup_of(path))
    assert replaced
    assert replaced.with_name(f"{replaced.name}-journal").read_bytes() == b"what was there before"
    assert not journal.exists()
