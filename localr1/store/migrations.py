"""The schema's history: each migration takes it one version further; they are appended, never edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from localr1.store.copying import back_up
from localr1.store.driver import Connection, transaction
from localr1.store.header import APPLICATION_ID, check_version
from localr1.store.origin_schema import create_origins
from localr1.store.sealed_key import DatabaseKey
from localr1.store.search_schema import create_search

Migration: TypeAlias = Callable[[Connection], None]


def _create_chats_and_messages(connection: Connection) -> None:
    """Messages are a tree; ids are never given twice, so that a stale one finds nothing."""
    connection.execute("""
        create table chat (
            id integer primary key autoincrement,
            title text not null,
            model text not null,
            created_at real not null,
            leaf_id integer,
            foreign key (id, leaf_id) references message (chat_id, id)
        ) strict""")
    connection.execute("""
        create table message (
            id integer primary key autoincrement,
            chat_id integer not null references chat on delete cascade,
            parent_id integer,
            role text not null,
            text text not null,
            created_at real not null,
            thinking text not null default '',
            raw text not null default '',
            model text not null default '',
            finish_reason text,
            stats text,
            unique (chat_id, id),
            foreign key (chat_id, parent_id) references message (chat_id, id)
        ) strict""")
    connection.execute("create index message_parent on message (chat_id, parent_id)")


def _create_drafts(connection: Connection) -> None:
    """One a chat; the one without a chat, 0 in the index, becomes a new chat."""
    connection.execute("""
        create table draft (
            chat_id integer references chat on delete cascade,
            text text not null
        ) strict""")
    connection.execute("create unique index draft_chat on draft (coalesce(chat_id, 0))")


def _add_options(connection: Connection) -> None:
    """JSON, as they are always read as one and new ones will join them."""
    connection.execute("alter table chat add column options text not null default '{}'")


def _shelve_chats(connection: Connection) -> None:
    """Pins, tags, and deletions that can still be undone: they are numbered, as a clock may jump."""
    connection.execute("alter table chat add column pinned integer not null default 0")
    connection.execute("alter table chat add column deletion integer")
    connection.execute("create index chat_deleted on chat (deletion) where deletion is not null")
    connection.execute("""
        create table chat_tag (
            chat_id integer not null references chat on delete cascade,
            tag text not null,
            primary key (chat_id, tag)
        ) strict, without rowid""")


MIGRATIONS: tuple[Migration, ...] = (
    _create_chats_and_messages,
    _create_drafts,
    _add_options,
    _shelve_chats,
    create_search,
    create_origins,
)


def migrate(
    connection: Connection, path: Path, migrations: Sequence[Migration], key: DatabaseKey | None = None
) -> None:
    """Bring a database to the newest version, all the way or not at all; an older one is backed up first.

    The backup is taken under the write lock: nobody else can have migrated what it holds.
    """
    if _version(connection) == len(migrations):
        return
    with transaction(connection):
        version = _version(connection)
        check_version(path, version, len(migrations))
        if version > 0:
            back_up(path, f"v{version}", key)
        for step in migrations[version:]:
            step(connection)
        connection.execute(f"pragma application_id = {APPLICATION_ID}")
        connection.execute(f"pragma user_version = {len(migrations)}")


def _version(connection: Connection) -> int:
    [(version,)] = connection.execute("pragma user_version").fetchall()
    return int(version)
