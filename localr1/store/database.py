"""The database: one private SQLite file, one connection to it, one lock around that."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from localr1.errors import DatabaseError
from localr1.store.driver import BUSY_TIMEOUT, Connection, Row, Value, connect, storable, whole
from localr1.store.erasure import erasure
from localr1.store.failures import translated
from localr1.store.files import make_private, real_path
from localr1.store.lock_wait import PAUSE, LockWait
from localr1.store.migrations import MIGRATIONS, Migration, migrate
from localr1.store.opening import checked_key, clear_remains, create_file
from localr1.store.reading import can_be_written, connect_to_read
from localr1.store.reserve import refill, release, release_if_full
from localr1.store.sealed_key import DatabaseKey
from localr1.store.use import used

if TYPE_CHECKING:
    from localr1.store.writer import Writer

_IN_MEMORY = Path(":memory:")
"""SQLite's name for a database without a file."""


class Database:
    """An open database; any thread may use it, one at a time. What goes wrong raises DatabaseError."""

    def __init__(
        self,
        connection: Connection,
        path: Path,
        resources: ExitStack | None = None,
        *,
        key: DatabaseKey | None = None,
        reserve: bool = False,
        read_only: bool = False,
    ) -> None:
        """`reserve`: room is kept for deleting on a full disk."""
        self.path = path
        self.key = key
        self.read_only = read_only
        """Every write raises DatabaseError."""
        self._connection = connection
        self._resources = resources or ExitStack()
        self._reserve = reserve
        self._lock = RLock()

    @cached_property
    def writer(self) -> Writer:
        """What an event loop writes with; the commands without one do not load asyncio for it."""
        from localr1.store.writer import Writer

        return Writer(self.without_waiting)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        key: DatabaseKey | None = None,
        busy_timeout: float = BUSY_TIMEOUT,
        migrations: Sequence[Migration] = MIGRATIONS,
    ) -> Database:
        """Open a database, made new or migrated where need be; `busy_timeout` in seconds.

        A file that is damaged, another program's or a newer localr1's is refused and stays as it is; an
        encrypted one without its `key` raises LockedError. One that can't be written is opened to be read.
        """
        path = real_path(path)
        with translated(path), ExitStack() as resources:
            if not path.exists():
                create_file(path, migrations)
            resources.enter_context(used(path, busy_timeout))
            if not can_be_written(path):
                key = checked_key(path, key, len(migrations))
                connection = connect_to_read(path, len(migrations), busy_timeout, key)
                resources.enter_context(closing(connection))
                return cls(connection, path, resources.pop_all(), key=key, read_only=True)
            clear_remains(path)
            key = checked_key(path, key, len(migrations))
            make_private(path)
            release_if_full(path)
            connection = resources.enter_context(closing(connect(path, busy_timeout, key=key)))
            migrate(connection, path, migrations, key)
            refill(path)
            return cls(connection, path, resources.pop_all(), key=key, reserve=True)

    @classmethod
    def in_memory(cls) -> Database:
        """A database that leaves nothing behind: it is gone when it is closed."""
        with translated(_IN_MEMORY):
            connection = connect(_IN_MEMORY)
            migrate(connection, _IN_MEMORY, MIGRATIONS)
        return cls(connection, _IN_MEMORY)

    @classmethod
    def open_backup(cls, path: Path, key: DatabaseKey | None) -> Database:
        """A backup as it is, to erase something from it; one of another schema raises DatabaseError."""
        with translated(path):
            make_private(path)
            connection = connect(path, key=key)
        backup = cls(connection, path, key=key)
        try:
            [(version,)] = backup.execute("pragma user_version")
            if version != len(MIGRATIONS):
                raise DatabaseError(f"{path} has another schema.")
        except DatabaseError:
            backup.close()
            raise
        return backup

    def close(self) -> None:
        """Close the connection; the last one to do so puts everything into the one file."""
        with self._lock, translated(self.path):
            self._connection.close()
            self._resources.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the write lock for a block of `execute`s: all of them count, or none."""
        with ExitStack() as turn:
            self._take_turn(turn)
            with translated(self.path), whole(self._connection):
                yield

    def _wait_to_write(self) -> None:
        with self.transaction():
            pass

    def _take_turn(self, turn: ExitStack) -> None:
        """Begin to write; while another program does, the threads of this one can read."""
        wait = LockWait(self._busy_timeout)
        while True:
            with wait, ExitStack() as taken:
                taken.enter_context(self._lock)
                with self.without_waiting():
                    self._connection.execute("begin immediate")
                turn.enter_context(taken.pop_all())
                return
            time.sleep(PAUSE)

    def _busy_timeout(self) -> float:
        """Seconds to wait for other programs."""
        [(milliseconds,)] = self.execute("pragma busy_timeout")
        return float(milliseconds) / 1000

    def execute(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement with its values bound, and return its rows."""
        with self._lock, translated(self.path):
            return self._connection.execute(sql, [storable(value) for value in values]).fetchall()

    @contextmanager
    def without_waiting(self) -> Iterator[None]:
        """Raise BusyError at once in a block where another program's lock is in the way."""
        with self._lock, translated(self.path):
            [(patience,)] = self._connection.execute("pragma busy_timeout").fetchall()
            self._connection.execute("pragma busy_timeout = 0").fetchall()
            try:
                yield
            finally:
                self._connection.execute(f"pragma busy_timeout = {int(patience)}").fetchall()

    @contextmanager
    def room(self) -> Iterator[None]:
        """Let a block write a little, on a full disk as well.

        Other programs are waited for before: to give the room away and take it again writes all of it.
        """
        self._wait_to_write()
        with self._lock, translated(self.path):
            if self._reserve:
                release(self.path)
            try:
                yield
            finally:
                if self._reserve:
                    refill(self.path)

    @contextmanager
    def erasure(self) -> Iterator[None]:
        """Delete in a block's transaction, on a full disk as well; only backups keep a trace of it."""
        self._wait_to_write()
        in_memory = self.path == _IN_MEMORY
        files = nullcontext() if in_memory else erasure(self._connection, self.path, reserve=self._reserve)
        with self._lock, translated(self.path), files:
            yield
