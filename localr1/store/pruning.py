"""A question or a reply leaves its chat for good, with all that was said after it on any branch."""

from __future__ import annotations

from functools import partial

from localr1.message import Message
from localr1.store.branches import below, newest_leaf
from localr1.store.database import Database
from localr1.store.expunging import expunge


def prune(database: Database, message: Message) -> None:
    """Erase a message and what is below it; the newest branch beside it is shown, or what was before.

    No trace of them stays in any file of the database, its backups among them.
    """
    expunge(database, partial(_prune_in_backup, message))
    _prune(database, message.chat_id, message.parent_id, message.id)


def _prune_in_backup(message: Message, backup: Database) -> None:
    """An older database put back can have given an id anew."""
    if backup.execute(
        "select 1 from message where id = ? and chat_id = ? and created_at = ?",
        *(message.id, message.chat_id, message.created_at),
    ):
        _prune(backup, message.chat_id, message.parent_id, message.id)


def _prune(database: Database, chat_id: int, parent_id: int | None, message_id: int) -> None:
    with database.erasure(), database.transaction():
        database.execute("update chat set leaf_id = null where id = ?", chat_id)
        for member_id in reversed(below(database, chat_id, message_id)):
            database.execute("delete from message where id = ?", member_id)
        leaf_id = _leaf(database, chat_id, parent_id)
        database.execute("update chat set leaf_id = ? where id = ?", leaf_id, chat_id)


def _leaf(database: Database, chat_id: int, parent_id: int | None) -> int | None:
    if parent_id is not None:
        return newest_leaf(database, chat_id, parent_id)
    [(newest,)] = database.execute("select max(id) from message where chat_id = ?", chat_id)
    return None if newest is None else int(newest)
