"""Overwriting what a file held when it goes, so that the disk's free room does not keep it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_STEP = 2**20
"""Bytes written at once."""


@contextmanager
def wiped(path: Path) -> Iterator[None]:
    """Overwrite a file once the block has taken its last name; one that still has a name stays as it is."""
    descriptor = _opened(path)
    try:
        yield
        if descriptor is not None and os.fstat(descriptor).st_nlink == 0:
            _overwrite(descriptor)
    finally:
        if descriptor is not None:
            os.close(descriptor)


def erase(path: Path) -> None:
    """Remove a file, if it is there, and overwrite what it held."""
    with wiped(path):
        path.unlink(missing_ok=True)


def _opened(path: Path) -> int | None:
    """None for what is not there, or may not be written."""
    with suppress(OSError):
        return os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    return None


def _overwrite(descriptor: int) -> None:
    """On a disk that keeps every write elsewhere this helps nothing; nor does it do harm."""
    left = os.fstat(descriptor).st_size
    with suppress(OSError):
        while left > 0:
            left -= os.write(descriptor, bytes(min(left, _STEP)))
        os.fsync(descriptor)
