"""Migrations: a database of any age becomes one of today, or stays what it was."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest

from localr1.errors import DatabaseError
from localr1.store.backups import list_backups
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.driver import Connection
from localr1.store.indexing import Indexing
from localr1.store.migrations import MIGRATIONS, Migration
from localr1.store.query import read_query
from localr1.store.search_schema import create_search
from tests.faults.scripts import files_with


def create_note(connection: Connection) -> None:
    connection.execute("create table note (text text not null) strict")


def add_author(connection: Connection) -> None:
    connection.execute("alter table note add column author text not null default 'nobody'")


def fail(connection: Connection) -> None:
    connection.execute("update note set text = 'half done'")
    connection.execute("create table note (text text)")


def open_note(path: Path, migrations: Sequence[Migration]) -> Database:
    return Database.open(path, busy_timeout=0.05, migrations=migrations)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database at version 1 that holds one note."""
    path = tmp_path / "data" / "chats.db"
    with closing(open_note(path, [create_note])) as database:
        database.execute("insert into note values ('remember')")
    return path


def schema(database: Database) -> str:
    rows = database.execute("select sql from sqlite_schema where sql is not null order by name")
    return "".join(f"{sql};\n" for (sql,) in rows if "sqlite_sequence" not in sql)


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_each_version_of_the_schema_is_what_it_always_was(version: int, tmp_path: Path) -> None:
    with closing(open_note(tmp_path / "chats.db", MIGRATIONS[:version])) as database:
        assert schema(database) == Path(__file__).with_name(f"schema_{version}.sql").read_text()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_chats_of_every_older_version_are_read_found_backed_up_and_deleted_today(
    version: int, tmp_path: Path
) -> None:
    path = tmp_path / "chats.db"
    with closing(open_note(path, MIGRATIONS[:version])) as old:
        old.execute("insert into chat (title, model, created_at) values ('Sums', 'nano', 1)")
        old.execute(
            "insert into message (chat_id, role, text, created_at) values (1, 'user', 'What is 47 + 85?', 2)"
        )
        old.execute("update chat set leaf_id = 1")
    with closing(open_note(path, MIGRATIONS)) as database:
        chats = Chats(database)
        was_indexed = create_search in MIGRATIONS[:version]
        assert Indexing(database).step() is not was_indexed
        assert [(chat.title, chat.updated_at) for chat in chats.list()] == [("Sums", 2.0)]
        assert [message.text for message in chats.branch(1)] == ["What is 47 + 85?"]
        assert [hit.chat.id for hit in chats.search.find(read_query("47 + 85"))] == [1]
        assert [backup.name for backup in list_backups(path)] == [f"v{version}"]
        chats.delete(1)
        assert files_with("47 + 85", tmp_path) == set()


def test_an_older_database_gets_the_migrations_it_lacks(path: Path) -> None:
    with closing(open_note(path, [create_note, add_author])) as database:
        assert database.execute("select * from note") == [("remember", "nobody")]
        assert database.execute("pragma user_version") == [(2,)]


def test_an_older_database_is_backed_up_as_it_was(path: Path) -> None:
    open_note(path, [create_note, add_author]).close()
    backup = path.with_name("chats.db.v1.bak")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(open_note(backup, [create_note])) as database:
        assert database.execute("select * from note") == [("remember",)]


def test_a_backup_holds_what_is_still_in_the_log(path: Path) -> None:
    with closing(open_note(path, [create_note])) as other:
        other.execute("insert into note values ('only in the log')")
        open_note(path, [create_note, add_author]).close()
    with closing(open_note(path.with_name("chats.db.v1.bak"), [create_note])) as database:
        assert ("only in the log",) in database.execute("select * from note")


def test_a_database_of_today_is_neither_changed_nor_backed_up(path: Path) -> None:
    before = path.read_bytes()
    open_note(path, [create_note]).close()
    assert path.read_bytes() == before
    assert list(path.parent.glob("*.bak")) == []


def test_a_migration_that_fails_changes_nothing_at_all(path: Path) -> None:
    with pytest.raises(DatabaseError) as raised:
        open_note(path, [create_note, add_author, fail])
    assert not path.with_name("chats.db-wal").exists(), f"the connection is open after {raised.value}"
    with closing(open_note(path, [create_note])) as database:
        assert database.execute("select * from note") == [("remember",)]


def test_a_newer_database_is_refused_and_stays_as_it_is(path: Path) -> None:
    open_note(path, [create_note, add_author]).close()
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match="newer localr1") as raised:
        open_note(path, [create_note])
    assert raised.value.exit_code == 7
    assert "Update localr1" in raised.value.hint
    assert path.read_bytes() == before


def test_a_newer_database_is_refused_before_its_log_is_touched(path: Path, tmp_path: Path) -> None:
    """A newer version that was killed has left a log, which any last connection would empty."""
    killed = tmp_path / "killed"
    open_note(path, [create_note, add_author]).close()
    with closing(open_note(path, [create_note, add_author])) as newer:
        newer.execute("insert into note values ('new', 'newer')")
        copytree(path.parent, killed)
    before = {file.name: file.read_bytes() for file in killed.iterdir()}
    with pytest.raises(DatabaseError, match="newer localr1"):
        open_note(killed / path.name, [create_note])
    assert {file.name: file.read_bytes() for file in killed.iterdir()} == before


def test_a_database_that_another_window_made_newer_meanwhile_is_refused(path: Path) -> None:
    """The file's header is still the old one, as the newer version is in the log."""
    with closing(open_note(path, [create_note])) as old, closing(open_note(path, [create_note, add_author])):
        assert int.from_bytes(path.read_bytes()[60:64], "big") == 1
        with pytest.raises(DatabaseError, match="newer localr1"):
            open_note(path, [create_note])
        assert old.execute("select text from note") == [("remember",)]


def test_a_new_database_that_cannot_be_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError):
        open_note(tmp_path / "chats.db", [create_note, fail])
    assert list(tmp_path.iterdir()) == []
