"""A file on the hub as one that can be read here and there, without fetching the rest."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from localr1.hub.remote import RemoteFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 1024 * 1024
"""Bytes that are fetched at a time."""


class RangeFile(io.RawIOBase):
    """Every read is a request of its own: put a BufferedReader of BLOCK bytes before it."""

    def __init__(self, file: RemoteFile, fetch: Callable[[int, int], bytes]) -> None:
        """`fetch` brings the bytes from one to before another."""
        self._file = file
        self._fetch = fetch
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._file.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer as far as the file goes."""
        view = memoryview(buffer).cast("B")
        start, end = self._position, min(self._position + len(view), self._file.size)
        if start >= end:
            return 0
        view[: end - start] = self._fetch(start, end)
        self._position = end
        return end - start
