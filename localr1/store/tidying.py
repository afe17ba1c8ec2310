"""What is to be put in order when a program begins to use a database, and when it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from localr1.errors import DatabaseError
from localr1.saved_states import SavedStates
from localr1.store.database import Database
from localr1.store.deletions import Deletions
from localr1.store.indexing import Indexing
from localr1.store.key_file import is_encrypted


@contextmanager
def tidied(database: Database, states: SavedStates | None = None) -> Iterator[Database]:
    """Erase what is deleted, before and after the block; what an earlier program left half done is finished.

    With a chat goes what is kept of it beside the database; of encrypted chats nothing may be.

    What can't be done now, on a full disk or beside another program, is done the next time.
    """
    with suppress(DatabaseError), database.without_waiting():
        _begin(database)
        _forget(database, states)
    try:
        yield database
    finally:
        with suppress(DatabaseError):
            Deletions(database).erase()
            _forget(database, states)


def _begin(database: Database) -> None:
    """A reply that a crash has cut off is found from now on."""
    Deletions(database).erase()
    Indexing(database).step()


def _forget(database: Database, states: SavedStates | None) -> None:
    if states and is_encrypted(database.path):
        states.clear()
    elif states:
        states.keep_only(partial(_existing, database))


def _existing(database: Database, chat_ids: set[int]) -> set[int]:
    """Those of the chats that are not erased."""
    rows = database.execute(
        "select id from chat where id in (select value from json_each(?))", json.dumps(sorted(chat_ids))
    )
    return {int(chat_id) for (chat_id,) in rows}
