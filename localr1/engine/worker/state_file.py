"""The file that keeps the state of a chat: written whole, and read only where every bit of it is right.

A line that names the format, a line with the SHA-256 of all that follows, a line of JSON, llama.cpp's bytes.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from io import BufferedReader, BufferedWriter
from pathlib import Path

import msgspec

from localr1.engine.limits import LINE_LIMIT
from localr1.engine.requests import StateFile
from localr1.engine.worker.cache import Cache
from localr1.engine.worker.state import State
from localr1.memory import read_memory
from localr1.paths import make_private_directory
from localr1.regular_file import is_regular
from localr1.saved_states import make_room

WORTH_SAVING = 256
"""Tokens; fewer are evaluated soon enough."""
_MAGIC = b"localr1 state 1\n"
_DIGEST = 64
"""Digits of a SHA-256."""
_STEP = 4 * 1024 * 1024
"""Bytes that are written or read before somebody who waits is looked for."""


class _DamagedError(Exception):
    """The file is not what was written."""


class _Header(msgspec.Struct, frozen=True):
    terms: str
    tokens: tuple[int, ...]
    size: int


class SavedState:
    """What is on the disk of one chat for one model; whatever does not fit or is damaged is not there."""

    def __init__(self, place: StateFile, terms: str, stopped: Callable[[], bool]) -> None:
        """`terms` are what has to be the same, beside the model, for a state to be of use.

        Where `stopped` is true, nothing is read or written any more.
        """
        self._stopped = stopped
        self._path = Path(os.fsdecode(place.path))
        self._limit = place.limit
        self._terms = f"{place.model} {terms}"

    def tokens(self) -> tuple[int, ...]:
        """What the state is of; empty where there is none."""
        with suppress(OSError, msgspec.DecodeError), self._open() as file:
            header = self._header(file)[0]
            if header.terms == self._terms:
                return header.tokens
        return ()

    def read(self) -> State | None:
        """The state; None where there is none, or it is stopped before its end."""
        with suppress(OSError):
            try:
                with self._open() as file:
                    state = self._read(file)
            except (_DamagedError, msgspec.DecodeError):
                self._path.unlink()
                return None
            os.utime(self._path)
            return state
        return None

    def keep(self, cache: Cache) -> None:
        """Save what a cache holds, where it is worth it and there is room."""
        if len(cache) < WORTH_SAVING or self._stopped() or self.tokens() == tuple(cache.tokens):
            return
        with suppress(OSError):
            make_private_directory(self._path.parent)
            if self._has_room(cache.state_size) and (state := cache.state()):
                self._write(state)

    def _has_room(self, size: int) -> bool:
        """There is memory for a copy, and room on the disk."""
        return 2 * size <= read_memory().free and make_room(self._path, size, self._limit)

    def _open(self) -> BufferedReader:
        if not is_regular(self._path):
            raise FileNotFoundError
        return self._path.open("rb")

    def _header(self, file: BufferedReader) -> tuple[_Header, bytes, bytes]:
        """What the file says of itself, the line that says it, and the hash."""
        if file.readline(len(_MAGIC)) != _MAGIC:
            raise msgspec.DecodeError("another format")
        digest, line = file.readline(_DIGEST + 2).strip(), file.readline(LINE_LIMIT)
        return msgspec.json.decode(line, type=_Header), line, digest

    def _read(self, file: BufferedReader) -> State | None:
        header, line, digest = self._header(file)
        rest = os.fstat(file.fileno()).st_size - file.tell()
        if header.terms != self._terms or header.size != rest:
            raise _DamagedError
        if rest > read_memory().free:
            return None
        data = memoryview(bytearray(rest))
        found = hashlib.sha256(line)
        for start in range(0, rest, _STEP):
            part = data[start : start + _STEP]
            if self._stopped() or file.readinto(part) != len(part):
                return None
            found.update(part)
        if found.hexdigest().encode() != digest:
            raise _DamagedError
        return State(header.tokens, data)

    def _write(self, state: State) -> None:
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        written = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                whole = self._write_parts(file, state)
            if whole:
                written.replace(self._path)
        finally:
            written.unlink(missing_ok=True)

    def _write_parts(self, file: BufferedWriter, state: State) -> bool:
        """Write all of a file, its hash last; False when it is stopped before."""
        line = msgspec.json.encode(_Header(self._terms, state.tokens, state.size)) + b"\n"
        digest = hashlib.sha256(line)
        file.write(_MAGIC + b"0" * _DIGEST + b"\n" + line)
        for start in range(0, state.size, _STEP):
            if self._stopped():
                return False
            part = state.data[start : start + _STEP]
            digest.update(part)
            file.write(part)
        file.seek(len(_MAGIC))
        file.write(digest.hexdigest().encode())
        return not self._stopped()
