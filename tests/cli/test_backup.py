"""`localr1 chats backup`, `backups` and `restore` on real chats."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from localr1.store.backups import list_backups
from localr1.store.chats import Chats
from localr1.store.daily import today
from localr1.store.database import Database
from localr1.store.encryption import encrypt
from localr1.store.key_file import is_encrypted, read_key
from localr1.store.sealed_key import Cost
from tests.cli.program import localr1, text
from tests.cli.test_lock import on_a_terminal
from tests.tui.chatting import paths_of, store

CHEAP = Cost(n=16, r=8, p=1)
PASSPHRASE = "correct horse"


@pytest.fixture
def path(home: Path) -> Path:
    """A database with one chat, called Then."""
    with store(home) as chats:
        chats.create(title="Then")
    return paths_of(home).database


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "phrase"
    file.write_text(PASSPHRASE)
    file.chmod(0o600)
    return file


def rename(path: Path, title: str) -> None:
    with closing(Database.open(path)) as database:
        Chats(database).rename(1, title)


def title(path: Path) -> str:
    with closing(Database.open(path)) as database:
        return Chats(database).get(1).title


def test_a_backup_is_made_listed_and_put_back(path: Path) -> None:
    assert "No backups yet" in text(localr1("chats", "backups").stderr)
    made = localr1("chats", "backup")
    assert text(made.stdout) == f"{path.with_name(f'chats.db.{today()}.bak')}\n"
    rename(path, "Now")
    [_, line] = text(localr1("chats", "backups").stdout).splitlines()
    assert line.startswith(today())
    restored = localr1("chats", "restore", "--yes")
    assert restored.returncode == 0, restored.stderr
    assert title(path) == "Then"
    [replaced] = [backup.name for backup in list_backups(path) if backup.replaced]
    assert replaced in text(restored.stdout)
    assert localr1("chats", "restore", replaced, "--yes").returncode == 0
    assert title(path) == "Now"


def test_a_backup_goes_into_a_file_of_the_users_and_never_over_another(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.db"
    assert localr1("chats", "backup", "mine.db", cwd=tmp_path).returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    again = localr1("chats", "backup", str(file))
    assert again.returncode == 2
    assert "never overwrites" in text(again.stderr)
    assert file.read_bytes() == before
    rename(path, "Now")
    assert localr1("chats", "restore", "mine.db", "--yes", cwd=tmp_path).returncode == 0
    assert title(path) == "Then"
    assert file.read_bytes() == before


def test_a_file_for_which_there_is_no_place_is_an_error_and_leaves_nothing(
    path: Path, tmp_path: Path
) -> None:
    done = localr1("chats", "backup", str(tmp_path / "nowhere" / "mine.db"))
    assert done.returncode == 7
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("which", ["2020-01-01", "nothing.db", "/", "chats.db"])
def test_what_is_no_backup_is_refused(path: Path, which: str) -> None:
    localr1("chats", "backup")
    done = localr1("chats", "restore", which, "--yes", cwd=path.parent)
    assert done.returncode == 2
    assert "chats backups" in text(done.stderr)
    assert title(path) == "Then"


def test_a_file_that_no_key_opens_is_no_backup_and_nobody_is_asked_for_one(
    path: Path, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("Dear all,")
    done = localr1("chats", "restore", str(tmp_path / "letter.txt"), "--yes")
    assert done.returncode == 7
    assert "letter.txt is not a whole backup" in text(done.stderr)
    assert title(path) == "Then"


@pytest.mark.parametrize("arguments", [("backups",), ("restore", "--yes"), ("list",)])
def test_a_link_that_leads_back_to_itself_is_no_bug(path: Path, arguments: tuple[str, ...]) -> None:
    path.unlink()
    path.symlink_to(path)
    done = localr1("chats", *arguments)
    assert "Traceback" not in text(done.stderr)
    assert done.returncode in (0, 2, 7)


def test_without_any_backup_there_is_nothing_to_go_back_to(path: Path) -> None:
    assert localr1("chats", "restore", "--yes").returncode == 2


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_the_user_is_asked_first(path: Path, home: Path, answer: str) -> None:
    localr1("chats", "backup")
    rename(path, "Now")
    with on_a_terminal(home, "chats", "restore") as running:
        running.wait_for("in the place of all chats there are now?")
        running.type(f"{answer}\n")
        assert running.wait_for_end() == 0
    assert title(path) == ("Then" if answer == "y" else "Now")


def test_chats_that_are_open_are_not_replaced_under_their_feet(path: Path) -> None:
    localr1("chats", "backup")
    with closing(Database.open(path)):
        done = localr1("chats", "restore", "--yes")
    assert done.returncode == 7
    assert "in use by another localr1" in text(done.stderr)


def test_damaged_chats_name_the_command_that_helps_and_it_does(path: Path) -> None:
    localr1("chats", "backup")
    path.write_bytes(b"rubbish")
    refused = localr1("chats", "list")
    assert refused.returncode == 7
    assert f"`localr1 chats restore {today()}`" in text(refused.stderr)
    assert localr1("chats", "restore", today(), "--yes").returncode == 0
    assert title(path) == "Then"


def test_encrypted_chats_come_back_with_their_passphrase_and_only_with_it(path: Path, key_file: Path) -> None:
    encrypt(path, PASSPHRASE, cost=CHEAP)
    assert localr1("chats", "backup", "--key-file", str(key_file)).returncode == 0
    assert localr1("chats", "backup").returncode == 8
    path.write_bytes(b"rubbish")
    assert localr1("chats", "restore", "--yes").returncode == 8
    assert path.read_bytes() == b"rubbish"
    assert localr1("chats", "restore", "--yes", "--key-file", str(key_file)).returncode == 0
    assert is_encrypted(path)
    with closing(Database.open(path, key=read_key(path, PASSPHRASE))) as database:
        assert Chats(database).get(1).title == "Then"


def test_each_passphrase_is_asked_for_by_the_name_of_what_it_opens(
    path: Path, home: Path, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.db"
    with closing(Database.open(theirs)) as database:
        Chats(database).create(title="Theirs")
    encrypt(theirs, "second", cost=CHEAP)
    encrypt(path, "first", cost=CHEAP)
    with on_a_terminal(home, "chats", "restore", str(theirs), "--yes") as running:
        running.wait_for("Passphrase of the chats: ")
        running.type("first\n")
        running.wait_for("Passphrase of theirs.db: ")
        running.type("second\n")
        assert running.wait_for_end() == 0
    with closing(Database.open(path, key=read_key(path, "first"))) as database:
        assert Chats(database).get(1).title == "Theirs"


def test_the_doctor_counts_the_backups(path: Path) -> None:
    assert "backups  none yet" in text(localr1("doctor").stdout)
    localr1("chats", "backup")
    assert f"the newest is called {today()}" in text(localr1("doctor").stdout)
