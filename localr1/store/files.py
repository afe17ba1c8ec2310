"""The files that a database is made of: who may read them, and how a new one comes into being."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from localr1.paths import PRIVATE_FILE

_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})
"""What file systems say that give a file one name only, such as exFAT."""
Link = Callable[[Path, Path], None]


def real_path(path: Path) -> Path:
    """Where a link leads in the end; one that leads back to itself is given as it is."""
    return Path(os.path.realpath(path))


def write_ahead_log(path: Path) -> Path:
    """Where SQLite keeps what has not reached the database file yet."""
    return path.with_name(f"{path.name}-wal")


def rollback_journal(path: Path) -> Path:
    """Where SQLite keeps what it has changed of a database without a log, for the case that it is killed."""
    return path.with_name(f"{path.name}-journal")


def family(path: Path) -> tuple[Path, Path, Path, Path]:
    """A database file and those that SQLite may keep beside it."""
    return path, write_ahead_log(path), rollback_journal(path), path.with_name(f"{path.name}-shm")


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


def name_new(new: Path, path: Path, link: Link = os.link) -> None:
    """Name a new file, unless another one has that name by now.

    Where files have one name only, it is looked for right before.
    """
    try:
        link(new, path)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if not path.exists():
            new.replace(path)


def name_twice(path: Path, second: Path, link: Link = os.link) -> None:
    """Give a file a second name, or where files have one only, a copy of that name."""
    try:
        link(path, second)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with new_file(second) as copy:
            shutil.copyfile(path, copy)
            copy.replace(second)
