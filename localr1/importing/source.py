"""A file that chats are read from: what it is, its content says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from localr1.errors import UsageError
from localr1.importing import llm_logs, oterm
from localr1.importing.archive import lists_of
from localr1.importing.elements import elements
from localr1.importing.found import Found, Unreadable
from localr1.importing.recognition import named, read_chat
from localr1.regular_file import is_directory, is_regular, open_regular
from localr1.store.foreign import ForeignDatabase, foreign_database
from localr1.store.header import MAGIC

PIECE = 256 * 1024
"""Bytes that are read at once."""

_ZIP = b"PK\x03\x04"
_KNOWN = (
    "It can be an export of localr1, ChatGPT, Claude, Open WebUI or LM Studio, or a database of llm or oterm."
)


@dataclass(frozen=True, slots=True)
class _Database:
    """A program that keeps its chats in a database."""

    program: str
    recognized: Callable[[ForeignDatabase], bool]
    read: Callable[[ForeignDatabase, float], Iterator[Found]]


_DATABASES = (
    _Database(llm_logs.PROGRAM, llm_logs.recognized, llm_logs.read),
    _Database(oterm.PROGRAM, oterm.recognized, oterm.read),
)


class Source:
    """An open file; iterating over it gives what it holds, and raises UsageError where it can't go on."""

    def __init__(self, path: Path, file: BinaryIO, name: str = "") -> None:
        self.size = path.stat().st_size
        self._path = path
        self._file = file
        self._time = path.stat().st_mtime
        self._name = self._place = name or str(path)
        """What is being read."""

    @property
    def done(self) -> int:
        """How many of its bytes have been read."""
        return min(self._file.tell(), self.size)

    def __iter__(self) -> Iterator[Found | Unreadable]:
        begin = self._file.read(len(MAGIC))
        self._file.seek(0)
        try:
            if not begin:
                raise UsageError("It is empty.")
            if begin == MAGIC:
                yield from self._in_database()
            elif begin.startswith(_ZIP):
                yield from self._in_archive()
            else:
                yield from self._in_list(iter(partial(self._file.read, PIECE), b""))
        except UsageError as error:
            raise UsageError(f"{self._place}: {error.message}", hint=error.hint or _KNOWN) from None

    def _in_archive(self) -> Iterator[Found | Unreadable]:
        for name, pieces in lists_of(self._file):
            self._place = f"{self._name}, {name}"
            yield from self._in_list(pieces)

    def _in_list(self, pieces: Iterator[bytes]) -> Iterator[Found | Unreadable]:
        for number, raw in enumerate(elements(pieces), 1):
            where = f"{self._place}, chat {number}"
            try:
                yield replace(read_chat(raw, self._time), where=where)
            except UsageError as error:
                yield Unreadable(where, error.message)

    def _in_database(self) -> Iterator[Found | Unreadable]:
        with foreign_database(self._path) as database:
            kind = next((kind for kind in _DATABASES if kind.recognized(database)), None)
            if kind is None:
                raise UsageError("It is a database of a program that localr1 does not know.")
            for number, found in enumerate(kind.read(database, self._time), 1):
                yield replace(named(found, kind.program), where=f"{self._place}, chat {number}")


@contextmanager
def open_source(path: Path, name: str = "") -> Iterator[Source]:
    """Open a file, which errors speak of by this name; raises UsageError where it is none."""
    with open_regular(path, UsageError) as file:
        yield Source(path, file, name)


def files_of(path: Path) -> list[Path]:
    """The file itself; of a folder the lists of an unpacked archive, or all files of JSON below it."""
    if not is_directory(path):
        return [path]
    lists = sorted(path.glob("conversations*.json"))
    files = lists or sorted((each for each in path.rglob("*.json") if is_regular(each)), reverse=True)
    if not files:
        raise UsageError(f"There are no chats in {path}.", hint=_KNOWN)
    return files
