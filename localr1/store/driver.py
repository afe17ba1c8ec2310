"""The database driver: how localr1 connects, and the little of a connection that it uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from sqlcipher3 import dbapi2 as sqlite

from localr1.store.sealed_key import DatabaseKey

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another program's lock."""

_PRAGMAS_OF_A_NEW_FILE = ("auto_vacuum = incremental",)
_FIRST_PRAGMA = "cipher_log_level = none"
"""SQLCipher writes to standard error about a wrong key."""
_PRAGMAS = (
    "trusted_schema = off",
    "cell_size_check = on",
    "foreign_keys = on",
    "secure_delete = on",
    "temp_store = memory",
    "journal_mode = wal",
    "wal_autocheckpoint = 256",
    "synchronous = full",
)

Value: TypeAlias = str | int | float | None
Row: TypeAlias = tuple[Any, ...]


class Cursor(Protocol):
    """What a statement returned."""

    def fetchall(self) -> list[Row]: ...


class Connection(Protocol):
    """An open database in autocommit mode."""

    @property
    def in_transaction(self) -> bool: ...
    def execute(self, sql: str, values: Sequence[Value] = (), /) -> Cursor: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def backup(
        self, target: Connection, *, pages: int = -1, progress: Callable[[int, int, int], None] | None = None
    ) -> None: ...
    def set_progress_handler(self, handler: Callable[[], bool], n: int) -> None: ...
    def close(self) -> None: ...


def connect(
    path: Path,
    busy_timeout: float = BUSY_TIMEOUT,
    *,
    key: DatabaseKey | None = None,
    new: bool = False,
    name: str = "",
) -> Connection:
    """Open a database with every setting that localr1 relies on; raises the driver's errors.

    What only a `new`, empty file can be told is refused by SQLite once there is a page in it. Text that
    damage has made undecodable reads as U+FFFD: the driver's own error would quote all of it. `name` is a
    URI in place of the path.
    """
    opened = sqlite.connect(
        name or path, timeout=busy_timeout, isolation_level=None, check_same_thread=False, uri=bool(name)
    )
    opened.text_factory = partial(str, encoding="utf-8", errors="replace")
    connection: Connection = opened
    try:
        keys = (f"key = {key.literal}",) if key else ()
        for pragma in (_FIRST_PRAGMA, *keys, *(_PRAGMAS_OF_A_NEW_FILE if new else ()), *_PRAGMAS):
            connection.execute(f"pragma {pragma}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Write all of a block or nothing of it."""
    connection.execute("begin immediate")
    with whole(connection):
        yield


@contextmanager
def whole(connection: Connection) -> Iterator[None]:
    """Commit the transaction that has begun, or roll it back; some errors of SQLite have done so already."""
    try:
        yield
        connection.commit()
    except BaseException:
        if connection.in_transaction:
            connection.rollback()
        raise


def storable(value: Value) -> Value:
    """A value as SQLite can hold it, so that nothing a user typed or a model wrote is refused.

    Paired surrogates become the character they stand for, lone ones U+FFFD. An integer beyond 64 bits becomes
    the outermost one, which is nobody's id.
    """
    match value:
        case str():
            try:
                value.encode()
            except UnicodeEncodeError:
                return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            return value
        case int():
            return max(-(2**63), min(value, 2**63 - 1))
        case _:
            return value


def driver_versions() -> str:
    """The versions of SQLite and SQLCipher inside the driver."""
    with closing(sqlite.connect(":memory:")) as connection:
        [(cipher,)] = connection.execute("pragma cipher_version").fetchall()
    return f"{sqlite.sqlite_version}, SQLCipher {cipher}"
