"""Databases of other programs: looked into, and never changed, migrated or locked."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from sqlcipher3 import dbapi2 as sqlite

from localr1.errors import UsageError
from localr1.store.driver import Row, Value
from localr1.store.files import write_ahead_log
from localr1.store.filters import bound_list

LARGEST_LOG = 2**30
"""Bytes of a write-ahead log that is read along."""
LONGEST_VALUE = 64 * 2**20
"""Bytes of one text."""
STEPS = 500_000_000
"""Of SQLite's virtual machine for one statement; no honest database needs more."""

_ERRORS = (sqlite.Error, UnicodeError)
"""What the driver raises, the second for the words of the first that are no text."""
_PRAGMAS = ("trusted_schema = off", "cell_size_check = on", "query_only = on", "mmap_size = 0")
_SELECT = "select {columns} from {table}{chosen} order by rowid"
_BATCH = 64
"""Rows that are in memory at once."""


class _Rows(Protocol):
    def fetchmany(self, size: int, /) -> list[Row]: ...


class _Connection(Protocol):
    def execute(self, sql: str, values: Sequence[Value] = (), /) -> _Rows: ...


class ForeignDatabase:
    """Tables of a file that anybody may have made; what is wrong with it raises UsageError."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._checked: set[tuple[str, ...]] = set()
        """Columns that hold no endless text."""

    def columns(self, table: str) -> frozenset[str]:
        """The columns in which a table keeps something; none where it is a view, or not there."""
        named = "select 1 from sqlite_schema where name = ? and type = 'table' and rootpage > 0"
        if not list(self._execute(named, table)):
            return frozenset()
        return frozenset(
            str(name) for (name,) in self._execute("select name from pragma_table_info(?)", table)
        )

    def rows(self, table: str, columns: Sequence[str], ids: Iterable[int] | None = None) -> Iterator[Row]:
        """These columns of the rows with these ids, or of all, by their ids; a column that lacks is None."""
        there = self.columns(table)
        if there:
            names = [_quoted(name) if name in there else "null" for name in columns]
            self._check_lengths(table, [name for name in names if name != "null"])
            chosen = "" if ids is None else " where rowid in (select value from json_each(?))"
            bound = () if ids is None else (bound_list(tuple(ids)),)
            select = _SELECT.format(columns=", ".join(names), table=_quoted(table), chosen=chosen)
            yield from self._execute(select, *bound)

    def ids_by(self, table: str, column: str) -> dict[str, list[int]]:
        """The ids of a table's rows by what is in a column, in the order in which that first stands there."""
        ids: dict[str, list[int]] = {}
        if column in self.columns(table):
            columns = f"rowid, substr({_quoted(column)}, 1, 1000)"
            for id_, value in self._execute(_SELECT.format(columns=columns, table=_quoted(table), chosen="")):
                ids.setdefault("" if value is None else str(value), []).append(id_)
        return ids

    def _check_lengths(self, table: str, names: Sequence[str]) -> None:
        if (table, *names) in self._checked:
            return
        long = " or ".join(f"octet_length({name}) > ?" for name in names)
        values = [LONGEST_VALUE] * len(names)
        select = _SELECT.format(columns="1", table=_quoted(table), chosen=f" where {long}")
        if long and any(self._execute(select, *values)):
            raise UsageError(f"It has a text of more than {LONGEST_VALUE // 2**20} MiB.")
        self._checked.add((table, *names))

    def _execute(self, sql: str, *values: Value) -> Iterator[Row]:
        try:
            cursor = self._connection.execute(sql, values)
            while rows := cursor.fetchmany(_BATCH):
                yield from rows
        except _ERRORS as error:
            raise _damaged(error) from None


@contextmanager
def foreign_database(path: Path) -> Iterator[ForeignDatabase]:
    """Open a file of SQLite as it lies there, with what waits in its log.

    Where there is a log, a private copy of both is read, as SQLite would write beside the file.
    """
    with tempfile.TemporaryDirectory(prefix="localr1-") as directory:
        file, mode = _at_rest(path, Path(directory))
        with closing(_open(f"file:{quote(str(file.absolute()))}?{mode}")) as connection:
            yield ForeignDatabase(connection)


def _open(name: str) -> sqlite.Connection:
    try:
        connection = sqlite.connect(name, uri=True, isolation_level=None)
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        connection.set_progress_handler(lambda: 1, STEPS)
        for pragma in _PRAGMAS:
            connection.execute(f"pragma {pragma}").fetchall()
    except _ERRORS as error:
        raise _damaged(error) from None
    return connection


def _damaged(error: Exception) -> UsageError:
    reason = "" if isinstance(error, UnicodeError) else f" ({error})"
    return UsageError(f"It is damaged{reason}.")


def _at_rest(path: Path, directory: Path) -> tuple[Path, str]:
    """A file that nobody changes meanwhile, and how it is opened."""
    log = write_ahead_log(path)
    try:
        size = log.stat().st_size if log.is_file() else 0
        if size > LARGEST_LOG:
            raise UsageError("Its write-ahead log is too large.", hint="Close the program that writes there.")
        if not size:
            return path, "mode=ro&immutable=1"
        copy = directory / "copy.db"
        shutil.copyfile(path, copy)
        shutil.copyfile(log, write_ahead_log(copy))
    except OSError as error:
        raise UsageError(f"It can't be read: {error.strerror}.") from None
    return copy, "mode=rw"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
