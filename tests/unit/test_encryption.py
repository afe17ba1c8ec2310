"""Encryption at rest: what a passphrase opens, what a wrong one does not harm, and what stays on the disk."""

from __future__ import annotations

import random
import stat
import unicodedata
from contextlib import closing, suppress
from pathlib import Path
from shutil import copytree

import pytest

from localr1.errors import DatabaseError, LockedError, UsageError, WrongPassphraseError
from localr1.message import FinishReason, Reply
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.store.encryption import change_passphrase, decrypt, encrypt
from localr1.store.key_file import is_encrypted, read_key
from localr1.store.migrations import MIGRATIONS
from localr1.store.sealed_key import COST, Cost, DatabaseKey
from tests.faults.scripts import files_with

CHEAP = Cost(n=16, r=8, p=1)
PASSPHRASE = "correct horse battery"
MARKER = "xyzzy-plugh"
ODD = [
    "a",
    " ",
    "0",
    "x'00'",
    "naïve café",
    "パスワード",
    "\U0001f9e0\ud800",
    "'; drop table \0chat; --",
    "long " * 2000,
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A plain database with a marker in titles, messages, thinking, drafts and the search index."""
    path = tmp_path / "data" / "chats.db"
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        chat = chats.create(title=MARKER, model=MARKER)
        question = chats.add_user_message(chat.id, None, f" {MARKER} " * 500)
        reply = chats.start_reply(chat.id, question.id, MARKER)
        chats.save_reply(reply.id, Reply(MARKER, MARKER, MARKER, FinishReason.STOP))
        Drafts(database).save(chat.id, MARKER)
    return path


@pytest.fixture
def encrypted(path: Path) -> Path:
    encrypt(path, PASSPHRASE, cost=CHEAP)
    return path


def opened(path: Path, passphrase: str = PASSPHRASE) -> Database:
    return Database.open(path, key=read_key(path, passphrase), busy_timeout=0.05)


def contents(database: Database) -> list[object]:
    tables = ("chat", "message", "draft", "sqlite_sequence", "sqlite_schema")
    rows = [database.execute(f"select * from {table} order by 1") for table in tables]
    pragmas = ("user_version", "application_id", "auto_vacuum", "journal_mode")
    schema = [row[:3] + row[4:] for row in rows.pop()]
    return [*rows, sorted(schema), *(database.execute(f"pragma {pragma}") for pragma in pragmas)]


def test_an_encrypted_database_holds_what_the_plain_one_did(path: Path) -> None:
    with closing(Database.open(path)) as plain:
        before = contents(plain)
    encrypt(path, PASSPHRASE, cost=CHEAP)
    with closing(opened(path)) as database:
        assert contents(database) == before
        found = database.execute("select count(*) from message_search where message_search match 'xyzzy'")
        assert found == [(2,)]


def test_a_decrypted_database_holds_what_the_encrypted_one_did(encrypted: Path) -> None:
    with closing(opened(encrypted)) as database:
        before = contents(database)
    decrypt(encrypted, read_key(encrypted, PASSPHRASE))
    with closing(Database.open(encrypted)) as database:
        assert contents(database) == before
    assert {file.name for file in encrypted.parent.iterdir()} == {"chats.db", "chats.db.reserve"}


def test_no_file_holds_plain_text_of_a_chat_while_it_is_used(encrypted: Path) -> None:
    with closing(opened(encrypted)) as database:
        chats = Chats(database)
        question = chats.add_user_message(1, None, f" {MARKER} " * 5000)
        reply = chats.start_reply(1, question.id, MARKER)
        chats.save_reply(reply.id, Reply(MARKER, MARKER, MARKER, FinishReason.STOP))
        Drafts(database).save(None, MARKER)
        assert {"chats.db-wal", "chats.db-shm"} <= {file.name for file in encrypted.parent.iterdir()}
        assert files_with(MARKER, encrypted.parent) == set()
        assert files_with("create table", encrypted.parent) == set()


def test_backups_from_before_are_erased_and_counted(path: Path) -> None:
    for name in ("chats.db.v1.bak", "chats.db.v2.bak", "chats.db.a1b2c3.new", "chats.db.a1b2c3.new-wal"):
        path.with_name(name).write_text(MARKER)
    assert encrypt(path, PASSPHRASE, cost=CHEAP) == 2
    assert files_with(MARKER, path.parent) == set()
    assert {file.name for file in path.parent.iterdir()} == {"chats.db", "chats.db.key", "chats.db.reserve"}


def test_a_backup_of_an_encrypted_database_is_encrypted_and_opens_with_its_key(encrypted: Path) -> None:
    key = read_key(encrypted, PASSPHRASE)
    Database.open(encrypted, key=key, migrations=[*MIGRATIONS, lambda connection: None]).close()
    assert files_with(MARKER, encrypted.parent) == set()
    backup = encrypted.with_name(f"chats.db.v{len(MIGRATIONS)}.bak")
    backup.replace(encrypted)
    with closing(opened(encrypted)) as database:
        assert Chats(database).get(1).title == MARKER


def test_the_old_file_is_overwritten_and_not_only_unlinked(path: Path) -> None:
    with path.open("rb") as old:
        assert MARKER.encode() in old.read()
        encrypt(path, PASSPHRASE, cost=CHEAP)
        old.seek(0)
        assert set(old.read()) == {0}


def test_the_log_that_a_killed_program_left_is_overwritten_too(path: Path, tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    with closing(Database.open(path)) as database:
        Chats(database).create(title="only in the log")
        copytree(path.parent, killed)
    with (killed / "chats.db-wal").open("rb") as log:
        assert b"only in the log" in log.read()
        encrypt(killed / path.name, PASSPHRASE, cost=CHEAP)
        log.seek(0)
        assert set(log.read()) <= {0}
    with closing(opened(killed / path.name)) as database:
        assert Chats(database).list()[0].title == "only in the log"


def test_a_link_leads_to_the_database_and_to_its_key(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    encrypt(link, PASSPHRASE, cost=CHEAP)
    assert is_encrypted(link)
    with closing(opened(link)) as database:
        assert Chats(database).get(1).title == MARKER
    change_passphrase(link, read_key(link, PASSPHRASE), "another", cost=CHEAP)
    decrypt(link, read_key(link, "another"))
    assert not is_encrypted(link)
    assert link.is_symlink()


def test_a_second_name_that_the_user_gave_the_file_keeps_it(path: Path) -> None:
    kept = path.with_name("kept by hand")
    kept.hardlink_to(path)
    encrypt(path, PASSPHRASE, cost=CHEAP)
    assert MARKER.encode() in kept.read_bytes()


def test_the_files_are_private(encrypted: Path) -> None:
    for file in encrypted.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


@pytest.mark.parametrize("passphrase", ODD, ids=lambda text: f"{len(text)} {text[:12]!a}")
def test_any_passphrase_but_an_empty_one_serves(path: Path, passphrase: str) -> None:
    encrypt(path, passphrase, cost=CHEAP)
    with closing(opened(path, passphrase)) as database:
        assert Chats(database).get(1).title == MARKER
    for wrong in (passphrase + " ", passphrase[:-1] or "b", passphrase.swapcase() + "x"):
        with pytest.raises(LockedError):
            read_key(path, wrong)


def test_a_passphrase_is_the_same_however_its_accents_were_typed(path: Path) -> None:
    encrypt(path, unicodedata.normalize("NFD", "naïve café"), cost=CHEAP)
    opened(path, unicodedata.normalize("NFC", "naïve café")).close()


def test_an_empty_passphrase_is_refused_and_changes_nothing(path: Path) -> None:
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(LockedError, match="is empty"):
        encrypt(path, "", cost=CHEAP)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_hundred_wrong_passphrases_change_no_file(encrypted: Path) -> None:
    before = {file.name: file.read_bytes() for file in encrypted.parent.iterdir()}
    for number in range(100):
        with pytest.raises(WrongPassphraseError, match="not the passphrase") as raised:
            opened(encrypted, f"wrong {number}")
        assert raised.value.exit_code == 8
    assert {file.name: file.read_bytes() for file in encrypted.parent.iterdir()} == before


def test_without_its_key_an_encrypted_database_says_how_to_give_it(encrypted: Path) -> None:
    with pytest.raises(LockedError, match="passphrase is needed") as raised:
        Database.open(encrypted)
    assert "--key-file" in raised.value.hint


def test_another_databases_key_is_told_and_harms_nothing(
    encrypted: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = encrypted.read_bytes()
    with pytest.raises(DatabaseError, match=r"chats\.db\.key is the key of another database"):
        Database.open(encrypted, key=DatabaseKey.random())
    assert encrypted.read_bytes() == before
    assert capfd.readouterr() == ("", "")


def test_a_changed_passphrase_opens_and_the_old_one_does_not(encrypted: Path) -> None:
    before = encrypted.read_bytes()
    change_passphrase(encrypted, read_key(encrypted, PASSPHRASE), "another", cost=CHEAP)
    with pytest.raises(LockedError):
        read_key(encrypted, PASSPHRASE)
    opened(encrypted, "another").close()
    assert encrypted.read_bytes() == before


def test_a_passphrase_changes_only_to_another_one_and_only_with_the_right_key(encrypted: Path) -> None:
    with pytest.raises(LockedError, match="is empty"):
        change_passphrase(encrypted, read_key(encrypted, PASSPHRASE), "", cost=CHEAP)
    with pytest.raises(DatabaseError):
        change_passphrase(encrypted, DatabaseKey.random(), "another", cost=CHEAP)
    opened(encrypted).close()


def test_a_database_that_is_open_elsewhere_is_not_encrypted_under_its_feet(path: Path) -> None:
    with closing(Database.open(path)), pytest.raises(DatabaseError, match="in use by another localr1"):
        encrypt(path, PASSPHRASE, cost=CHEAP, timeout=0.05)
    assert not is_encrypted(path)
    assert not path.with_name("chats.db.key").exists()


def test_a_program_that_knows_nothing_of_our_locks_keeps_its_database_too(path: Path) -> None:
    from sqlcipher3 import dbapi2 as sqlite

    with closing(sqlite.connect(path)) as other:
        other.execute("select * from chat").fetchall()
        with pytest.raises(DatabaseError, match="keeps it locked"):
            encrypt(path, PASSPHRASE, cost=CHEAP, timeout=0.05)
    assert not is_encrypted(path)
    assert {file.name for file in path.parent.iterdir()} == {"chats.db", "chats.db.reserve"}


def test_what_is_done_already_is_said(path: Path) -> None:
    with pytest.raises(UsageError, match="not encrypted"):
        decrypt(path, DatabaseKey.random())
    with pytest.raises(UsageError, match="not encrypted"):
        change_passphrase(path, DatabaseKey.random(), "b", cost=CHEAP)
    encrypt(path, PASSPHRASE, cost=CHEAP)
    with pytest.raises(UsageError, match="already"):
        encrypt(path, PASSPHRASE, cost=CHEAP)
    opened(path).close()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff" * 200,
        b'{"version":1,"cost":{"n":1048576,"r":64,"p":1},"salt":"","key":"","tag":""}',
        random.Random(1).randbytes(10_000),
    ],
    ids=["empty", "nothing", "bytes", "too costly", "random"],
)
def test_a_damaged_key_file_is_refused_at_once(encrypted: Path, content: bytes) -> None:
    encrypted.with_name("chats.db.key").write_bytes(content)
    with pytest.raises(DatabaseError, match=r"chats\.db\.key is damaged"):
        read_key(encrypted, PASSPHRASE)


def test_a_changed_byte_of_the_key_file_never_gives_a_wrong_key(encrypted: Path) -> None:
    file = encrypted.with_name("chats.db.key")
    whole, key = file.read_bytes(), read_key(encrypted, PASSPHRASE)
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with suppress(DatabaseError, LockedError):
            assert read_key(encrypted, PASSPHRASE) == key


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_cut_encrypted_database_is_refused_and_stays_as_it_is(encrypted: Path, share: float) -> None:
    whole = encrypted.read_bytes()
    encrypted.write_bytes(whole[: int(len(whole) * share)])
    before = encrypted.read_bytes()
    with pytest.raises(DatabaseError) as raised:
        opened(encrypted).close()
    assert raised.value.exit_code == 7
    assert encrypted.read_bytes() == before


def test_a_flipped_bit_in_any_page_is_noticed(encrypted: Path) -> None:
    whole = encrypted.read_bytes()
    for page in range(0, len(whole), 4096):
        encrypted.write_bytes(whole[: page + 99] + bytes([whole[page + 99] ^ 1]) + whole[page + 100 :])
        with suppress(DatabaseError), closing(opened(encrypted)) as database:
            assert database.execute("pragma quick_check") != [("ok",)]


def test_a_key_without_its_database_is_not_covered_by_a_new_plain_one(encrypted: Path) -> None:
    encrypted.unlink()
    with pytest.raises(DatabaseError, match="is missing, but its key is"):
        Database.open(encrypted)
    assert not encrypted.exists()


def test_an_older_encrypted_database_is_migrated_like_a_plain_one(path: Path) -> None:
    older = path.with_name("older.db")
    with closing(Database.open(older, migrations=MIGRATIONS[:1])) as database:
        database.execute("insert into chat (title, model, created_at) values ('old', 'nano', 0)")
    encrypt(older, PASSPHRASE, cost=CHEAP)
    with closing(opened(older)) as database:
        assert Chats(database).get(1).title == "old"


def test_a_newer_encrypted_database_is_refused_and_stays_as_it_is(encrypted: Path) -> None:
    before = encrypted.read_bytes()
    with pytest.raises(DatabaseError, match="newer localr1"):
        Database.open(encrypted, key=read_key(encrypted, PASSPHRASE), migrations=MIGRATIONS[:-1])
    assert encrypted.read_bytes() == before


def test_the_cost_of_a_passphrase_is_at_least_64_mib() -> None:
    assert COST.memory >= 64 * 2**20


def test_encrypted_chats_whose_key_was_left_behind_say_what_is_missing(encrypted: Path) -> None:
    encrypted.with_name("chats.db.key").rename(encrypted.with_name("elsewhere"))
    with pytest.raises(DatabaseError, match=r"or it is encrypted and its key, chats\.db\.key, is missing"):
        Database.open(encrypted)
