"""llama.cpp keeps what it fetched in one folder, as `<owner>_<repo>_<file>.gguf`, with notes beside.

`<file>.gguf.json` holds the address that it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from localr1.library.elsewhere.candidate import Candidate, is_good_name, walk
from localr1.library.json_file import read_note

PROGRAM = "llama.cpp"

_ADDRESS = re.compile(
    r"https://[^/\s]+/(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)/resolve/[^\s]+/(?P<name>[^/\s?]+)\.gguf",
    re.ASCII,
)


class _Note(msgspec.Struct):
    url: str


def candidates(directory: Path) -> Iterator[Candidate]:
    """The models in the cache, by the names that their files have on the hub where a note tells them."""
    for path in walk(directory, 1):
        address = _address(path.with_name(f"{path.name}.json"))
        if address and is_good_name(address["name"]):
            yield Candidate(PROGRAM, address["name"], path, repo=address["repo"])
        else:
            yield Candidate(PROGRAM, path.stem, path)


def _address(note: Path) -> re.Match[str] | None:
    known = read_note(note, _Note)
    return _ADDRESS.fullmatch(known.url) if known else None
