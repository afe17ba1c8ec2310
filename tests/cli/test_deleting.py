"""Chats that are deleted or forgotten on the command line: which, asked first, and gone from every file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.drafts import Drafts
from localr1.store.encryption import encrypt
from localr1.store.key_file import read_key
from localr1.store.manual_backup import back_up_now
from localr1.store.sealed_key import Cost
from tests.cli.program import localr1, text
from tests.cli.test_lock import on_a_terminal
from tests.faults.scripts import files_with
from tests.tui.chatting import paths_of

MARKER = "xyzzy-plugh"
DAYS = {"2020-01-01": 1_577_880_000.0, "2021-01-01": 1_609_502_400.0, "2022-01-01": 1_641_038_400.0}
"""Noons, UTC."""


@pytest.fixture
def path(home: Path) -> Path:
    """Three chats, each of its year and named after it, the first two tagged; and a backup of them."""
    path = paths_of(home).database
    clock = iter([noon for noon in DAYS.values() for _ in range(2)])
    with closing(Database.open(path)) as database:
        chats = Chats(database, clock=lambda: next(clock))
        for day in DAYS:
            chats.add_user_message(chats.create(title=f"{MARKER} {day[:4]}").id, None, f" {MARKER} " * 500)
        chats.shelf.tag(1, ("work",))
        chats.shelf.tag(2, ("work",))
        Drafts(database).save(1, MARKER)
        Drafts(database).save(None, MARKER)
        back_up_now(database)
    return path


def years(path: Path) -> list[str]:
    with closing(Database.open(path)) as database:
        return sorted(chat.title[-4:] for chat in Chats(database).list())


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        (("1", "3", "1"), ["2021"]),
        (("--before", "2022-01-01"), ["2022"]),
        (("--tag", "#Work"), ["2022"]),
        (("--tag", "work", "--before", "2021-01-01"), ["2021", "2022"]),
        (("--before", "2019-01-01"), ["2020", "2021", "2022"]),
        (("--all",), []),
    ],
    ids=" ".join,
)
def test_the_chats_that_are_meant_are_deleted(
    path: Path, arguments: tuple[str, ...], left: list[str]
) -> None:
    done = localr1("chats", "delete", *arguments, "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    assert years(path) == left


def test_nothing_of_deleted_chats_is_left_in_any_file_of_the_home(path: Path, home: Path) -> None:
    assert files_with(MARKER, home) != set()
    done = localr1("chats", "delete", "--all", "--yes")
    assert "Deleted 3 chats" in text(done.stderr)
    assert files_with(MARKER, home) == set()


def test_a_chat_that_is_deleted_leaves_the_backup_that_keeps_the_others(path: Path) -> None:
    localr1("chats", "delete", "1", "2", "--yes")
    localr1("chats", "restore", "--yes")
    assert years(path) == ["2022"]


@pytest.mark.parametrize(
    "arguments", [(), ("1", "--all"), ("--all", "--tag", "x"), ("--before", "yesterday"), ("0",), ("1", "9")]
)
def test_what_does_not_say_which_chats_deletes_none(path: Path, arguments: tuple[str, ...]) -> None:
    assert localr1("chats", "delete", *arguments, "--yes").returncode == 2
    assert years(path) == ["2020", "2021", "2022"]


def test_where_nobody_can_be_asked_nothing_is_deleted(path: Path) -> None:
    done = localr1("chats", "delete", "1")
    assert done.returncode == 2
    assert "--yes answers yes" in text(done.stderr)
    assert years(path) == ["2020", "2021", "2022"]


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_the_chats_are_named_and_the_user_is_asked(path: Path, home: Path, answer: str) -> None:
    with on_a_terminal(home, "chats", "delete", "--before", "2022-01-01") as running:
        running.wait_for("Delete 2 chats for good?")
        assert f"{MARKER} 2021".encode() in running.drawn
        running.type(f"{answer}\n")
        assert running.wait_for_end() == 0
    assert years(path) == (["2022"] if answer == "y" else ["2020", "2021", "2022"])


def test_without_the_setting_nothing_is_ever_forgotten(path: Path) -> None:
    assert "forget_after" in text(localr1("chats", "forget").stderr)
    assert years(path) == ["2020", "2021", "2022"]


def test_what_would_be_forgotten_is_listed_and_then_is(path: Path, home: Path) -> None:
    config = paths_of(home).config_file
    config.parent.mkdir(parents=True)
    config.write_text("forget_after = 90\n[forget_after_tag]\nwork = 0\n")
    listed = localr1("chats", "forget", "--dry-run")
    assert "2022" in text(listed.stdout)
    assert "2021" not in text(listed.stdout)
    assert "1 chat would be forgotten" in text(listed.stderr)
    assert len(years(path)) == 3
    assert "1 chat forgotten" in text(localr1("chats", "forget").stderr)
    assert years(path) == ["2020", "2021"]


def test_a_question_forgets_old_chats_but_not_the_one_it_is_asked_in(path: Path) -> None:
    done = localr1("ask", "--chat", "2", "What is 1 + 1?", env={"LOCALR1_FORGET_AFTER": "90"})
    assert done.returncode == 0, done.stderr
    assert years(path) == ["2021"]


def test_the_plain_chat_says_how_many_old_chats_it_forgets(path: Path) -> None:
    done = localr1("chat", "--plain", "--chat", "1", stdin=b"/quit\n", env={"LOCALR1_FORGET_AFTER": "90"})
    assert "2 old chats forgotten" in text(done.stdout)
    assert years(path) == ["2020"]


def test_encrypted_chats_are_deleted_and_forgotten_with_their_passphrase(path: Path, tmp_path: Path) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("old")
    phrase.chmod(0o600)
    encrypt(path, "old", cost=Cost(n=16, r=8, p=1))
    assert localr1("chats", "delete", "1", "--yes").returncode == 8
    localr1("chats", "delete", "1", "--yes", "--key-file", str(phrase))
    with closing(Database.open(path, key=read_key(path, "old"))) as database:
        assert len(Chats(database).list()) == 2
