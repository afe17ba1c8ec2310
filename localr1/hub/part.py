"""The unfinished file of a download: locked while it grows, and published only by its own name and whole."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localr1.errors import DownloadError
from localr1.hub.disk import disk_errors
from localr1.library.part_files import lock
from localr1.paths import PRIVATE_FILE

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Part:
    """A file that is open, locked by us, and grows at its end; every OSError comes as a DownloadError."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._named = True
        self.size = os.fstat(descriptor).st_size
        """Bytes that are there."""

    def read_into(self, block: memoryview) -> int:
        """The next bytes of what lay there, from the first on; 0 at the end."""
        with disk_errors(self.path):
            return os.readv(self._descriptor, [block])

    def append(self, data: memoryview) -> None:
        """Write all of it at the end; what was written before the disk refused counts."""
        with disk_errors(self.path):
            while data:
                written = os.pwrite(self._descriptor, data, self.size)
                self.size += written
                data = data[written:]

    def restart(self) -> None:
        """Begin anew with nothing."""
        with disk_errors(self.path):
            os.ftruncate(self._descriptor, 0)
        self.size = 0

    def discard(self) -> None:
        """Remove it, unless it was published; it stays locked until it is closed."""
        if self._named:
            with disk_errors(self.path):
                self.path.unlink(missing_ok=True)
        self._named = False

    def publish(self, path: Path) -> None:
        """Give it its final name, in place of what had that name, once it is safely on disk."""
        with disk_errors(path):
            os.fsync(self._descriptor)
            self.path.replace(path)
            self._named = False
            _sync_directory(path.parent)


@contextmanager
def open_part(path: Path) -> Iterator[Part | None]:
    """The unfinished file at `path`, new where there was none; None while somebody else has it locked.

    It stays there unless it is empty.
    """
    with disk_errors(path):
        descriptor = os.open(path, _FLAGS, PRIVATE_FILE)
    try:
        part = _locked(path, descriptor)
        try:
            yield part
        finally:
            if part and not part.size:
                part.discard()
    finally:
        os.close(descriptor)


def _locked(path: Path, descriptor: int) -> Part | None:
    with disk_errors(path):
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise DownloadError(f"{path} is no file that localr1 made.", hint="Remove it and try again.")
        if not lock(descriptor, path):
            return None
        os.fchmod(descriptor, PRIVATE_FILE)
        return Part(path, descriptor)


def _sync_directory(directory: Path) -> None:
    """See to it that the names in it are on disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
