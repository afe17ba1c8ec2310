"""A question or a reply leaves its chat for good, with all that was said after it on any branch."""

from __future__ import annotations

from localr1.store.branches import below, newest_leaf
from localr1.store.database import Database


def prune(database: Database, chat_id: int, parent_id: int | None, message_id: int) -> None:
    """Erase a message and what is below it; the newest branch beside it is shown, or what was before.

    No trace of them stays in any file of the database.
    """
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
