"""Notes in JSON, our own and those of other programs: what is no such note counts as none."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from localr1.errors import ModelFileError
from localr1.regular_file import open_regular

SIZE_LIMIT = 1024 * 1024
"""Bytes that are read; most notes have about 1 kB, the record of a model in a thousand parts 150 kB."""

_T = TypeVar("_T", bound=msgspec.Struct)


def read_note(path: Path, kind: type[_T]) -> _T | None:
    """The note in a file; None where there is none, it can't be read, or it is damaged."""
    try:
        with open_regular(path, ModelFileError) as file:
            return msgspec.json.decode(file.read(SIZE_LIMIT), type=kind)
    except (ModelFileError, OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
