"""Where the bytes of a file come from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from localr1.errors import DownloadError
from localr1.hub.disk import disk_errors
from localr1.hub.remote import RemoteFile
from localr1.regular_file import open_regular


class Body(Protocol):
    """Bytes of a file, from one of them on to the last, and not one more."""

    @property
    def start(self) -> int:
        """The first byte; 0 where a server knows no ranges."""

    def read_into(self, block: memoryview) -> int:
        """As many as have come; 0 after the last one. Raises TemporaryError where the rest does not come."""


class Source(Protocol):
    """Somebody who has files: the hub, or this disk."""

    def open(self, file: RemoteFile, start: int) -> AbstractContextManager[Body]: ...


class Copy:
    """The same content under another name on this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def open(self, file: RemoteFile, start: int) -> Iterator[Body]:
        with open_regular(self._path, DownloadError) as opened:
            yield _CopyBody(self._path, opened.fileno(), start, file.size)


class _CopyBody:
    def __init__(self, path: Path, descriptor: int, start: int, end: int) -> None:
        self._path = path
        self._descriptor = descriptor
        self._position = start
        self._end = end
        self.start = start

    def read_into(self, block: memoryview) -> int:
        wanted = min(len(block), self._end - self._position)
        with disk_errors(self._path):
            count = os.preadv(self._descriptor, [block[:wanted]], self._position)
        if wanted and not count:
            raise DownloadError(f"{self._path} is shorter than it was.", hint="Try again.")
        self._position += count
        return count
