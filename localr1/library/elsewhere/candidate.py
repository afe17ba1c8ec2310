"""A file that another program keeps, before anybody has looked into it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from localr1.gguf.split_model import split_model
from localr1.library.model_files import is_model_file

NAME_LIMIT = 200
ENTRIES_LIMIT = 50_000
"""Names that are looked at below one directory."""

_REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9][A-Za-z0-9_.-]{0,95}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the program's own notes say of it; a text is empty where they say nothing."""

    program: str
    name: str
    path: Path
    """Of a split model, the first part."""
    sha256: str = ""
    repo: str = ""
    """`owner/name` on the hub."""
    commit: str = ""


def walk(directory: Path, depth: int) -> Iterator[Path]:
    """The model files in a directory and in its folders down to a depth; of a split model the first part.

    Folders that are links, and those that can't be read, are passed over; so are those that begin with a dot.
    """
    seen = 0
    waiting = [(directory, depth)]
    while waiting:
        folder, levels = waiting.pop()
        for path in entries(folder):
            seen += 1
            if seen > ENTRIES_LIMIT:
                return
            if is_model_file(path):
                split = split_model(path)
                if split is None or split.first == path:
                    yield path
            elif levels > 1 and is_folder(path):
                waiting.append((path, levels - 1))


def entries(directory: Path) -> list[Path]:
    """What lies in a directory, sorted, without what begins with a dot; nothing where it can't be read."""
    with suppress(OSError, ValueError):
        return sorted(path for path in directory.iterdir() if not path.name.startswith("."))
    return []


def is_folder(path: Path) -> bool:
    """Whether it is a directory and no link to one."""
    with suppress(OSError, ValueError):
        return path.is_dir() and not path.is_symlink()
    return False


def is_good_name(name: str) -> bool:
    """Whether a name that others made up may be shown and typed."""
    return 0 < len(name) <= NAME_LIMIT and name.isprintable()


def repo_of(owner: str, name: str) -> str:
    """`owner/name`, if it can be a repository on the hub; empty otherwise."""
    repo = f"{owner}/{name}"
    return repo if _REPO.fullmatch(repo) else ""
