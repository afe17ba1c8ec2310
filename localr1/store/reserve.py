"""Room on the disk that is kept for deleting: SQLite writes in order to delete, and the disk may be full."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from localr1.paths import PRIVATE_FILE

SIZE = 2 * 1024 * 1024
"""Bytes: twice what waits in the write-ahead log before SQLite moves it into the database file."""
_FILES = 2
"""The write-ahead log, and its index."""


def release(path: Path) -> None:
    """Give the room back to the disk, for SQLite to take."""
    _file(path).unlink(missing_ok=True)


def release_if_full(path: Path) -> None:
    """Give the room back where the disk has no other: even reading needs a little of it, and two files."""
    disk = os.statvfs(path.parent)
    if disk.f_bavail * disk.f_frsize < SIZE or disk.f_favail < min(disk.f_files, _FILES):
        release(path)


def refill(path: Path) -> None:
    """Take the room, or as much of it as there is, with bytes that no file system can compress."""
    file = _file(path)
    if file.exists() and file.stat().st_size == SIZE:
        return
    with suppress(OSError), os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, PRIVATE_FILE), "wb") as reserve:
        reserve.write(os.urandom(SIZE))


def _file(path: Path) -> Path:
    return path.with_name(f"{path.name}.reserve")
