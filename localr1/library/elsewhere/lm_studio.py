"""LM Studio keeps `models/<publisher>/<repo>/<file>.gguf` in its home, named as on the hub."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from localr1.errors import ModelFileError
from localr1.library.elsewhere.candidate import Candidate, repo_of, walk
from localr1.regular_file import open_regular

PROGRAM = "LM Studio"
DEPTH = 3
PATH_LIMIT = 4096
"""Bytes."""


def candidates(home: Path) -> Iterator[Candidate]:
    """The models in a home of LM Studio."""
    models = home / "models"
    for path in walk(models, DEPTH):
        folders = path.parent.relative_to(models).parts
        yield Candidate(PROGRAM, path.stem, path, repo=repo_of(*folders) if len(folders) == 2 else "")


def pointed_home(pointer: Path) -> list[Path]:
    """The home that LM Studio's pointer names, if there is one."""
    with suppress(ModelFileError, OSError, UnicodeDecodeError), open_regular(pointer, ModelFileError) as file:
        text = file.read(PATH_LIMIT).decode().strip()
        if "\0" not in text and Path(text).is_absolute():
            return [Path(text)]
    return []
