"""The sha256 of files on disk, told as it goes: a model of 5 GB takes some seconds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from localr1.errors import ModelFileError
from localr1.library.records import RecordedFile
from localr1.regular_file import open_regular

BLOCK = 4 * 1024 * 1024
"""Bytes between two events."""


@dataclass(frozen=True, slots=True)
class Hashed:
    """So many bytes have been read, of all files together."""

    file: str
    done: int
    total: int


def hash_file(
    path: Path, done: int, total: int, also: Callable[[bytes], None] | None = None
) -> Generator[Hashed, None, RecordedFile]:
    """Hash a file, with `done` bytes of the total behind it, and give every block to another, too.

    Raises ModelFileError for what can't be read or changes meanwhile.
    """
    digest = hashlib.sha256()
    with open_regular(path, ModelFileError) as file:
        before = os.fstat(file.fileno())
        while block := _read(file.fileno(), path):
            digest.update(block)
            if also:
                also(block)
            done += len(block)
            yield Hashed(path.name, done, total)
        after = os.fstat(file.fileno())
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise ModelFileError(f"{path.name} changed while it was read.", hint="Is something still writing it?")
    return RecordedFile(path.name, before.st_size, digest.hexdigest(), before.st_mtime_ns)


def _read(descriptor: int, path: Path) -> bytes:
    try:
        return os.read(descriptor, BLOCK)
    except OSError as error:
        raise ModelFileError(f"{path.name} can't be read: {error.strerror}.") from None
