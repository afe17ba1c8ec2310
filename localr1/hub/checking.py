"""Hashing what lies on disk already, so that it need not be fetched."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from localr1.errors import DownloadError
from localr1.hub.events import Checking
from localr1.hub.hashing import Hasher
from localr1.hub.remote import RemoteFile
from localr1.hub.source import Copy
from localr1.hub.speed import Meter
from localr1.hub.stop import Stop


@dataclass(frozen=True, slots=True)
class Checker:
    """Reads and hashes, reports how far it is, and ends when it is asked to."""

    hasher: Hasher
    meter: Meter
    stop: Stop

    def check(self, name: str, size: int, read_into: Callable[[memoryview], int]) -> Iterator[Checking]:
        """Hash so many bytes, or what there is of them; the hasher then knows these and nothing else."""
        self.hasher.restart()
        done = 0
        while done < size:
            self.stop.check()
            count = self.hasher.feed(read_into)
            if not count:
                break
            done += count
            if checking := self.meter.checking(name, done, size):
                yield checking

    def is_right(self, path: Path, file: RemoteFile) -> Generator[Checking, None, bool]:
        """Whether what lies at a path is the file; what can't be read is not."""
        try:
            with Copy(path).open(file, 0) as body:
                yield from self.check(file.name, file.size, body.read_into)
        except (DownloadError, OSError):
            return False
        return self.hasher.hexdigest() == file.sha256
