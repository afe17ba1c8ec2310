"""Unfinished downloads on disk: how they are named, and how several localr1 keep out of each other's way."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PART = re.compile(r"(?P<name>.+)\.[0-9a-f]{16}\.part", re.DOTALL)

RESERVE = 64_000_000
"""Bytes of the disk that nobody who writes a part takes, so that chats can still be saved."""


def part_path(file: Path, sha256: str) -> Path:
    """Where a file grows until it is whole; other content of the same name grows elsewhere."""
    return file.with_name(f"{file.name}.{sha256[:16]}.part")


def file_of_part(part: Path) -> Path | None:
    """The file that an unfinished one is to become; None for what is no unfinished download."""
    match = _PART.fullmatch(part.name)
    return part.with_name(match["name"]) if match else None


def parts_in(directory: Path) -> list[Path]:
    """The unfinished downloads in a directory, not those in its folders; none where it can't be read."""
    try:
        return sorted(path for path in directory.iterdir() if file_of_part(path))
    except OSError:
        return []


def parts_of(file: Path) -> list[Path]:
    """All that was begun of a file, whatever its content was to be."""
    return [part for part in parts_in(file.parent) if file_of_part(part) == file]


def is_locked(part: Path) -> bool:
    """Whether a localr1, this one perhaps, is downloading into it at this moment."""
    try:
        with _probed(part) as free:
            return not free
    except OSError:
        return False


def remove_part(part: Path) -> bool:
    """Remove an unfinished download; false, with nothing removed, while somebody is downloading into it.

    Raises OSError for what can't be opened or removed.
    """
    try:
        with _probed(part) as free:
            if free:
                part.unlink(missing_ok=True)
            return free
    except FileNotFoundError:
        return True


@contextmanager
def _probed(part: Path) -> Iterator[bool]:
    """Whether nobody had it locked; then nobody else locks it while the block runs."""
    descriptor = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield lock(descriptor, part)
    finally:
        os.close(descriptor)


def lock(descriptor: int, path: Path) -> bool:
    """Lock an open file until it is closed; false where somebody else has, or where it lies there no more."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except (BlockingIOError, FileNotFoundError):
        return False
