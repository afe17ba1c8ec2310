"""How deleted content leaves every file of the database, and its room goes back to the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localr1.errors import DatabaseError
from localr1.store.driver import Connection
from localr1.store.reserve import refill, release

_STEP = 128
"""Pages to give back in one transaction, which has to fit the reserve."""


@contextmanager
def erasure(connection: Connection, path: Path, *, reserve: bool = True) -> Iterator[None]:
    """Delete in a block, on a full disk as well if there is a `reserve`; the log keeps no trace of it."""
    if reserve:
        release(path)
    try:
        connection.execute("pragma wal_checkpoint(passive)").fetchall()
        yield
        emptied = _shrink(connection)
    finally:
        if reserve:
            refill(path)
    if not emptied:
        raise DatabaseError(
            f"Deleted, but another program reads {path} and keeps traces of it on the disk.",
            hint="Close that program; the traces go when the last one closes the database.",
        )


def _shrink(connection: Connection) -> bool:
    """Cut the free pages off the file and empty the log; False while another program reads from it."""
    emptied = _empty_log(connection)
    [(free,)] = connection.execute("pragma freelist_count").fetchall()
    for _ in range(0, free, _STEP):
        connection.execute(f"pragma incremental_vacuum({_STEP})").fetchall()
        emptied = emptied and _empty_log(connection)
    return emptied


def _empty_log(connection: Connection) -> bool:
    [(busy, _, _)] = connection.execute("pragma wal_checkpoint(truncate)").fetchall()
    return not busy
