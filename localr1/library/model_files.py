"""The files in the models directory: put there by hand, or pulled into `owner/repo`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from localr1.errors import ModelFileError
from localr1.gguf.split_model import split_model
from localr1.regular_file import is_regular

SUFFIX = ".gguf"
FOLDERS_DEEP = 2
"""`owner/repo/file.gguf`."""


def model_files(directory: Path) -> list[Path]:
    """Every model, a split one once, by its first part, even if that is missing.

    A file may be a link, as whoever put it there wanted; a folder that is one is not entered. Raises
    ModelFileError where the directory can't be read.
    """
    try:
        there = sorted(directory.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ModelFileError(f"{directory} can't be read: {error.strerror}.") from None
    files = chain(there, *(_below(folder, FOLDERS_DEEP) for folder in there if _is_folder(folder)))
    splits = {path: split_model(path) for path in files if is_model_file(path)}
    return list(dict.fromkeys(split.first if split else path for path, split in splits.items()))


def folders(directory: Path) -> Iterator[Path]:
    """The models directory and those in it that may hold models."""
    yield directory
    with suppress(OSError):
        for folder in sorted(filter(_is_folder, directory.iterdir())):
            yield folder
            yield from (path for path in _below(folder, FOLDERS_DEEP - 1) if _is_folder(path))


def is_model_file(path: Path) -> bool:
    """Whether a file calls itself a model; those whose names begin with a dot are notes of the system."""
    return path.suffix.lower() == SUFFIX and not path.name.startswith(".") and is_regular(path)


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """What lies in a folder, and in its folders down to a depth; nothing where it can't be read."""
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            yield path
            if depth > 1 and _is_folder(path):
                yield from _below(path, depth - 1)


def _is_folder(path: Path) -> bool:
    with suppress(OSError):
        return path.is_dir() and not path.is_symlink()
    return False
