"""What is to be put in order when a program begins to use a database, and when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from localr1.errors import DatabaseError
from localr1.store.database import Database
from localr1.store.deletions import Deletions
from localr1.store.indexing import Indexing


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
    """A reply that a crash has cut off is found from now on."""
    Deletions(database).erase()
    Indexing(database).step()
