"""What is to be put in order when a program begins to use a database, and when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from localr1.errors import DatabaseError
from localr1.store.database import Database
from localr1.store.deletions import Deletions

_UNSETTLED = "select 1 from message where not settled limit 1"


@contextmanager
def tidied(database: Database) -> Iterator[Database]:
    """Erase what is deleted, before and after the block; what an earlier program left half done is finished.

    What can't be done now, on a full disk or beside another program, is done the next time.
    """
    with suppress(DatabaseError):
        _begin(database)
    try:
        yield database
    finally:
        with suppress(DatabaseError):
            Deletions(database).erase()


def _begin(database: Database) -> None:
    """A reply that a crash has cut off is settled; one that grows elsewhere says so with its next save."""
    Deletions(database).erase()
    if database.execute(_UNSETTLED):
        with database.transaction():
            database.execute("update message set settled = 1 where not settled")
