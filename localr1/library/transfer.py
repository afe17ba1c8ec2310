"""How a file comes into the models directory: copied, moved, or given a second name there."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from localr1.errors import ModelFileError
from localr1.library.hashing import Hashed, hash_file
from localr1.library.part_files import RESERVE, lock, part_path
from localr1.library.records import RecordedFile, recorded_file
from localr1.paths import PRIVATE_FILE
from localr1.regular_file import is_there
from localr1.units import size_text

Way = Literal["copy", "move", "link"]


@dataclass(frozen=True, slots=True)
class Staged:
    """A file whose hash is known, and that only has to be given its place."""

    source: Path
    """The copy, or the original that is to be moved or linked."""
    target: Path
    sha256: str
    way: Way

    def publish(self) -> RecordedFile:
        """Give it its place; the file as it lies there. Raises ModelFileError where something is already."""
        require_free(self.target)
        with disk_errors(self.target):
            if self.way == "link":
                os.link(self.source.resolve(), self.target)
            else:
                self.source.rename(self.target)
            return recorded_file(self.target, self.sha256)

    def withdraw(self) -> None:
        """Undo `publish`."""
        if self.way == "link":
            self.target.unlink()
        else:
            self.target.rename(self.source)

    def discard(self) -> None:
        """Remove a copy that did not come to its place."""
        if self.way == "copy":
            self.source.unlink(missing_ok=True)


def stage(source: Path, target: Path, way: Way, done: int, total: int) -> Generator[Hashed, None, Staged]:
    """Hash a file, and copy it on the way where that is wanted; `done` bytes of the total are behind it."""
    if way != "copy":
        file = yield from hash_file(source, done, total)
        return Staged(source, target, file.sha256, way)
    copy = part_path(target, secrets.token_hex(8))
    try:
        with disk_errors(copy), copy.open("xb", buffering=0) as opened, source.open("rb") as original:
            lock(opened.fileno(), copy)
            copy.chmod(PRIVATE_FILE)
            write = _Copier(original.fileno(), opened.fileno())
            file = yield from hash_file(source, done, total, write)
            os.fsync(opened.fileno())
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return Staged(copy, target, file.sha256, way)


class _Copier:
    """Writes what was hashed; on file systems that can share blocks between files, nothing is copied."""

    def __init__(self, original: int, copy: int) -> None:
        self._original = original
        self._copy = copy
        self._position = 0
        self._shares = hasattr(os, "copy_file_range")

    def __call__(self, block: bytes) -> None:
        end = self._position + len(block)
        while self._shares and self._position < end:
            self._share(end - self._position)
        rest = memoryview(block)[len(block) - (end - self._position) :]
        while rest:
            written = os.pwrite(self._copy, rest, self._position)
            self._position += written
            rest = rest[written:]

    def _share(self, count: int) -> None:
        copied = 0
        with suppress(OSError):
            copied = os.copy_file_range(self._original, self._copy, count, self._position, self._position)
        self._position += copied
        self._shares = copied > 0


def require_free(target: Path) -> None:
    """Raises ModelFileError where a file of that name is already, as it is never overwritten."""
    if is_there(target):
        raise ModelFileError(
            f"There is another file named {target.name} in {target.parent}, and it stays.",
            hint="Remove it first (`localr1 models remove`), or rename the new one.",
        )


def require_space(directory: Path, needed: int) -> None:
    """Raises ModelFileError unless so many bytes, and a reserve, are free where the directory lies."""
    with disk_errors(directory):
        free = shutil.disk_usage(directory).free
    if needed + RESERVE > free:
        raise ModelFileError(
            f"A copy needs {size_text(needed + RESERVE)}, and {size_text(free)} are free in {directory}.",
            hint="Move, link or reference the file instead: none of these needs room.",
        )


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Raise a ModelFileError for every OSError of the block."""
    try:
        yield
    except OSError as error:
        raise ModelFileError(f"{path.parent} can't be written: {error.strerror}.") from None
