"""Repositories as a hub keeps them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from tests.hub.faults import FileSlice

COMMIT = "c0ffee" + "0" * 34
PIECE = 4 * 1024 * 1024
"""Bytes that are read at a time."""


@dataclass(frozen=True)
class Stored:
    """One file of a repository: bytes, or a file on disk."""

    content: bytes | Path

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    @cached_property
    def sha256(self) -> str:
        if isinstance(self.content, bytes):
            return hashlib.sha256(self.content).hexdigest()
        hasher = hashlib.sha256()
        with self.content.open("rb") as file:
            while data := file.read(PIECE):
                hasher.update(data)
        return hasher.hexdigest()

    def part(self, start: int, size: int) -> bytes | FileSlice:
        if isinstance(self.content, bytes):
            return self.content[start : start + size]
        return FileSlice(self.content, start, size)


@dataclass
class Repo:
    """A repository with a single commit."""

    name: str
    files: dict[str, Stored]
    commit: str = COMMIT
    license: str = "mit"
    gated: str = ""
    """`auto` or `manual` for one whose licence must be accepted first."""
    token: str = ""
    """Which token may read a gated repository."""
    downloads: int = 0
    likes: int = 0
    updated: str = "2026-01-02T03:04:05.000Z"

    def info(self) -> dict[str, object]:
        return {
            "id": self.name,
            "modelId": self.name,
            "sha": self.commit,
            "private": False,
            "gated": self.gated or False,
            "downloads": self.downloads,
            "likes": self.likes,
            "lastModified": self.updated,
            "tags": ["gguf", f"license:{self.license}"],
            "cardData": {"license": self.license},
            "siblings": [{"rfilename": path} for path in self.files],
        }

    def tree(self) -> list[dict[str, object]]:
        folders = {str(parent) for path in self.files for parent in PurePosixPath(path).parents} - {"."}
        rows: list[dict[str, object]] = [
            {"type": "directory", "path": path, "size": 0} for path in sorted(folders)
        ]
        for path, stored in sorted(self.files.items()):
            row: dict[str, object] = {"type": "file", "oid": "1" * 40, "size": stored.size, "path": path}
            if path.endswith(".gguf"):
                row["lfs"] = {"oid": stored.sha256, "size": stored.size, "pointerSize": 134}
            rows.append(row)
        return rows
