"""Chats that can only be read: on a read-only disk, or in a directory of somebody else's."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from localr1.errors import DatabaseError
from localr1.store.driver import BUSY_TIMEOUT, Connection, connect
from localr1.store.files import write_ahead_log
from localr1.store.header import check_version
from localr1.store.sealed_key import DatabaseKey


def can_be_written(path: Path) -> bool:
    """Whether a database can, and the files that SQLite needs beside it."""
    return all(os.access(place, os.W_OK, effective_ids=True) for place in (path, path.parent))


def connect_to_read(
    path: Path, newest: int, busy_timeout: float = BUSY_TIMEOUT, key: DatabaseKey | None = None
) -> Connection:
    """Open a database without changing a byte of it or beside it.

    One with nothing in its log is taken for a file that nobody writes to: SQLite could not lock it. Raises
    DatabaseError for one of another schema than the `newest`, as it can't be migrated.
    """
    log = write_ahead_log(path)
    at_rest = not (log.exists() and log.stat().st_size)
    name = f"file:{quote(str(path))}?mode=ro{'&immutable=1' if at_rest else ''}"
    connection = connect(path, busy_timeout, key=key, name=name)
    try:
        [(version,)] = connection.execute("pragma user_version").fetchall()
        check_version(path, version, newest)
        if version < newest:
            raise DatabaseError(
                f"{path} is of an older localr1, and can't be brought up to date where it lies.",
                hint="Copy it to where you may write, and set LOCALR1_HOME to that place.",
            )
    except BaseException:
        connection.close()
        raise
    return connection
