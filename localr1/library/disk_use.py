"""How much room models take on the disk."""

from __future__ import annotations

import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from localr1.gguf.split_model import split_model
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.library.partial_downloads import PartialDownload, partial_downloads


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Who takes how many bytes."""

    models: tuple[tuple[LocalModel, int], ...]
    """References and links take none of ours."""
    partials: tuple[PartialDownload, ...]

    @property
    def total(self) -> int:
        """Bytes."""
        return sum(size for _, size in self.models) + sum(partial.size for partial in self.partials)


def disk_use(library: Library) -> DiskUse:
    """Of all models, the largest first, and of unfinished downloads."""
    models = [(model, _own_size(model)) for model in library.models()]
    models.sort(key=lambda row: -row[1])
    return DiskUse(tuple(models), tuple(partial_downloads(library)))


def own_size(path: Path) -> int:
    """Bytes that removing a file would free: none for a link, or for one of several names of a file."""
    with suppress(OSError):
        found = path.lstat()
        if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
            return found.st_size
    return 0


def _own_size(model: LocalModel) -> int:
    if model.record and model.record.how == "referenced":
        return 0
    split = split_model(model.path)
    return sum(own_size(file) for file in (split.parts() if split else (model.path,)))
