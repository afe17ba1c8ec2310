"""Models as they lie on the hub."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file at one commit; every text has been checked and may become part of a path or a URL."""

    repo: str
    """`owner/name`."""
    commit: str
    """40 hex digits."""
    path: str
    """Inside the repository, with `/` between folders."""
    size: int
    """Bytes."""
    sha256: str
    """64 hex digits, as the hub states it."""

    @property
    def name(self) -> str:
        """Without its folders."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """One model, whole: a single file, or all parts of a split one in their order."""

    files: tuple[RemoteFile, ...]
    quant: str
    """As the file's name has it; empty where it has none."""
    license: str = ""
    """As the repository states it."""

    @property
    def repo(self) -> str:
        return self.files[0].repo

    @property
    def name(self) -> str:
        """Of the first file."""
        return self.files[0].name

    @property
    def size(self) -> int:
        """Bytes, of all files."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class FoundRepo:
    """One result of a search on the hub."""

    repo: str
    downloads: int
    """In the last month."""
    likes: int
    updated: str
    """Date, YYYY-MM-DD; empty where the hub does not say."""
    gated: bool
