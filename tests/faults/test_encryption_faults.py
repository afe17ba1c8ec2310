"""Killed at any moment, an encrypted database opens with the old passphrase or with the new one."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

import pytest

from localr1.errors import LockedError
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.store.encryption import encrypt
from localr1.store.key_file import is_encrypted, read_key
from localr1.store.manual_backup import back_up_now
from localr1.store.sealed_key import Cost
from tests.faults.scripts import files_with, killed_at_every_step, run_on_a_small_disk

CHEAP = Cost(n=16, r=8, p=1)
MARKER = "xyzzy-plugh"
TEXT = f" {MARKER} " * 2000

CHANGE_ENCRYPTION = """
from localr1.store.encryption import change_passphrase, decrypt, encrypt
from localr1.store.key_file import read_key
from localr1.store.sealed_key import Cost

CHEAP = Cost(n=16, r=8, p=1)
ACTS = {
    "encrypt": lambda path: encrypt(path, "new", cost=CHEAP),
    "decrypt": lambda path: decrypt(path, read_key(path, "old")),
    "change": lambda path: change_passphrase(path, read_key(path, "old"), "new", cost=CHEAP),
}
act = ACTS[sys.argv[2]]
"""

ENCRYPT_ON_A_FULL_DISK = """
from localr1.store.encryption import encrypt
from localr1.store.key_file import is_encrypted
with_text = Chats(Database.open(path))
for _ in range(3):
    with_text.add_user_message(with_text.create().id, None, "x" * 1_000_000)
with_text._database.close()
try:
    encrypt(path, "new")
except DatabaseError as error:
    print(error.exit_code, error)
assert not is_encrypted(path)
assert [file.name for file in path.parent.iterdir() if ".key" in file.name or ".copy" in file.name] == []
print(len(Chats(Database.open(path)).list()))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "chats.db"
    with closing(Database.open(path)) as database:
        chats = Chats(database)
        chats.add_user_message(chats.create(title=MARKER).id, None, TEXT)
        Drafts(database).save(1, MARKER)
        back_up_now(database)
    return path


def is_whole(path: Path) -> bool:
    """Whether the chat is there, with the old passphrase, with the new one or without any."""
    for passphrase in ("old", "new"):
        with suppress(LockedError):
            key = read_key(path, passphrase) if is_encrypted(path) else None
            with closing(Database.open(path, key=key)) as database:
                [message] = Chats(database).branch(1)
                assert Drafts(database).get(1) == MARKER
                return message.text == TEXT and database.execute("pragma integrity_check") == [("ok",)]
    return False


@pytest.mark.parametrize("act", ["encrypt", "decrypt", "change"])
def test_a_kill_at_any_step_leaves_the_old_passphrase_or_the_new_one(path: Path, act: str) -> None:
    if act != "encrypt":
        encrypt(path, "old", cost=CHEAP)
    all_killed = killed_at_every_step(CHANGE_ENCRYPTION, path, act)
    assert len(all_killed) > 5
    states = set()
    for killed in all_killed:
        assert is_whole(killed), killed
        states.add(is_encrypted(killed))
        if is_encrypted(killed):
            assert files_with(MARKER, killed.parent) == set(), killed
    assert states == ({True} if act == "change" else {True, False})


def test_a_full_disk_leaves_the_plain_database_and_no_key(tmp_path: Path) -> None:
    printed = run_on_a_small_disk(ENCRYPT_ON_A_FULL_DISK, tmp_path)
    assert "7 The disk is full" in printed
    assert printed.endswith("3\n")
