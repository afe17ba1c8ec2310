"""Deleting in two steps: a deleted chat is out of sight at once, and erased when it can't come back any more.

What is marked as deleted is erased when the program ends, or, after a crash, when the next one starts.
"""

from __future__ import annotations

from functools import partial

from localr1.store.backups import delete_backups
from localr1.store.chat import SELECT_CHAT, Chat, no_chat, read_chat
from localr1.store.database import Database
from localr1.store.driver import Row
from localr1.store.expunging import expunge
from localr1.store.failures import translated
from localr1.store.unindexing import unindex_deleted


class Deletions:
    """The chats of a database that are deleted and not erased yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, *chat_ids: int) -> None:
        """Take chats out of sight, all or none, on a full disk as well."""
        with self._database.room(), self._database.transaction():
            for chat_id in chat_ids:
                if not self._database.execute(
                    "update chat set deletion = (select coalesce(max(deletion), 0) + 1 from chat)"
                    " where id = ? and deletion is null returning id",
                    chat_id,
                ):
                    raise no_chat(chat_id)

    def newest(self) -> Chat | None:
        """The chat that was deleted last; None where none can come back."""
        rows = self._database.execute(
            f"{SELECT_CHAT} where deletion is not null order by deletion desc limit 1"
        )
        return read_chat(rows[0]) if rows else None

    def count(self) -> int:
        """How many can still come back."""
        [(count,)] = self._database.execute("select count(*) from chat where deletion is not null")
        return int(count)

    def undo(self, chat_id: int) -> None:
        """Bring a chat back as it was; raises UsageError where it has been erased meanwhile."""
        with self._database.transaction():
            if not self._database.execute(
                "update chat set deletion = null where id = ? and deletion is not null returning id",
                chat_id,
            ):
                raise no_chat(chat_id)

    def erase(self) -> None:
        """Erase every chat that is deleted; no trace of them stays in any file of the database."""
        deleted = self._database.execute(
            "select id, created_at from chat where deletion is not null order by id"
        )
        if deleted:
            expunge(self._database, partial(_erase_from_backup, deleted))
            _erase(self._database)

    def everything(self) -> None:
        """Erase all chats, drafts and backups."""
        ids = self._database.execute("select id from chat where deletion is null")
        self.add(*(id_ for (id_,) in ids))
        with translated(self._database.path):
            delete_backups(self._database.path)
        self.erase()
        with self._database.erasure():
            self._database.execute("delete from draft")


def _erase_from_backup(chats: list[Row], backup: Database) -> None:
    """Erase chats that may be there; an older database put back can have given an id anew."""
    with backup.transaction():
        for id_, created_at in chats:
            backup.execute("update chat set deletion = 1 where id = ? and created_at = ?", id_, created_at)
    _erase(backup)


def _erase(database: Database) -> None:
    with database.erasure():
        unindex_deleted(database)
        with database.transaction():
            database.execute("delete from chat where deletion is not null")
