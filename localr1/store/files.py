"""The files that a database is made of: who may read them, and how a new one comes into being."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from localr1.paths import PRIVATE_FILE


def write_ahead_log(path: Path) -> Path:
    """Where SQLite keeps what has not reached the database file yet."""
    return path.with_name(f"{path.name}-wal")


def family(path: Path) -> tuple[Path, Path, Path]:
    """A database file and the two that SQLite keeps beside it."""
    return path, write_ahead_log(path), path.with_name(f"{path.name}-shm")


def key_file(path: Path) -> Path:
    """Where the sealed key of a database lies while that is encrypted."""
    return path.with_name(f"{path.name}.key")


def copy_file(path: Path) -> Path:
    """Where a database is written anew while it is encrypted or decrypted."""
    return path.with_name(f"{path.name}.copy")


def sync_directory(path: Path) -> None:
    """Make sure that names given in a file's directory outlive a loss of power."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_private(path: Path) -> None:
    """Take a database away from everyone but its owner; SQLite gives the files it makes the same mode."""
    for file in family(path):
        with suppress(FileNotFoundError):
            mode = stat.S_IMODE(file.stat().st_mode)
            if mode & ~PRIVATE_FILE:
                file.chmod(mode & PRIVATE_FILE)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A private, empty file beside `path`, to be named so once it is whole; gone when the block ends."""
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent)
    os.close(descriptor)
    new = Path(name)
    try:
        yield new
    finally:
        for file in family(new):
            file.unlink(missing_ok=True)
