"""sha256 in a thread of its own, so that neither the network nor the disk waits for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

BLOCK = 256 * 1024
"""Bytes; one block of what came is all that a kill can lose."""
BLOCKS = 8


class Hash(Protocol):
    """What hashlib's algorithms offer."""

    def update(self, data: memoryview, /) -> None: ...

    def hexdigest(self) -> str: ...


class Hasher:
    """Hashes block after block; the blocks are few and used again, so whoever fills them can't run ahead."""

    def __init__(self, algorithm: Callable[[], Hash]) -> None:
        self._algorithm = algorithm
        self._hash = algorithm()
        self._free: SimpleQueue[memoryview] = SimpleQueue()
        self._filled: SimpleQueue[tuple[memoryview, int] | None] = SimpleQueue()
        for _ in range(BLOCKS):
            self._free.put(memoryview(bytearray(BLOCK)))

    def feed(self, fill: Callable[[memoryview], int]) -> int:
        """Let `fill` put bytes into a free block, hash them later, and return how many there were."""
        block, count = self._free.get(), 0
        try:
            count = fill(block)
        finally:
            self._filled.put((block, count))
        return count

    def hexdigest(self) -> str:
        """Of all that was fed since the beginning or the last `restart`."""
        self._catch_up()
        return self._hash.hexdigest()

    def restart(self) -> None:
        """Forget what was fed."""
        self._catch_up()
        self._hash = self._algorithm()

    def run(self) -> None:
        """Hash what is fed, until the end."""
        while filled := self._filled.get():
            block, count = filled
            self._hash.update(block[:count])
            self._free.put(block)

    def end(self) -> None:
        """Let `run` return when it is through."""
        self._filled.put(None)

    def _catch_up(self) -> None:
        """Every block is free again once all that was fed is hashed."""
        for block in [self._free.get() for _ in range(BLOCKS)]:
            self._free.put(block)


@contextmanager
def hashing(algorithm: Callable[[], Hash] = hashlib.sha256) -> Iterator[Hasher]:
    """A hasher whose thread ends with the block."""
    hasher = Hasher(algorithm)
    thread = Thread(target=hasher.run, name="localr1-hashing", daemon=True)
    thread.start()
    try:
        yield hasher
    finally:
        hasher.end()
        thread.join()
