"""What model the worker holds, and whether its file is still the one that it was loaded from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from localr1.engine.reports import Held, ModelInfo
from localr1.engine.requests import Load

Mark: TypeAlias = tuple[int, int, int, int]
"""Of a file: device, inode, size, time of its last change."""


class Holding:
    """The model that is loaded, if one is."""

    def __init__(self) -> None:
        self._mark: Mark | None = None
        self._held: Held | None = None

    @property
    def path(self) -> bytes:
        """The file of the model; empty without one."""
        held = self._held
        return held.load.path if held else b""

    def clear(self, path: bytes) -> None:
        """Nothing is held; the next one will come from this file as it is now."""
        self._held = None
        self._mark = _mark(path)

    def set(self, load: Load, model: ModelInfo) -> None:
        """It has been loaded."""
        self._held = Held(load, model)

    def unchanged(self) -> Held | None:
        """The model, unless another file has come in the place of its own."""
        return self._held if self._mark and self._mark == _mark(self.path) else None


def _mark(path: bytes) -> Mark | None:
    try:
        found = Path(os.fsdecode(path)).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
