"""The same content under another name on this machine."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from localr1.errors import DownloadError
from localr1.hub.checking import Checker
from localr1.hub.hashing import hashing
from localr1.hub.remote import RemoteFile
from localr1.hub.source import Copy
from localr1.hub.speed import Meter
from localr1.hub.stop import Stop

CONTENT = bytes(range(256)) * 10
FILE = RemoteFile("maker/repo", "0" * 40, "a.gguf", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def copied(path: Path, start: int) -> bytes:
    """All that comes from one byte on, a hundred at a time."""
    block, came = memoryview(bytearray(100)), b""
    with Copy(path).open(FILE, start) as body:
        assert body.start == start
        while count := body.read_into(block):
            came += block[:count]
    return came


@pytest.mark.parametrize("start", [0, 1, 1000, len(CONTENT) - 1, len(CONTENT)])
def test_a_copy_begins_anywhere_and_ends_where_the_file_does(start: int, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    twin.write_bytes(CONTENT + b"and more")
    assert copied(twin, start) == CONTENT[start:]


def test_a_twin_that_is_cut_short_meanwhile_never_counts_as_whole(tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    twin.write_bytes(CONTENT[:-1])
    with pytest.raises(DownloadError, match="is shorter than it was"):
        copied(twin, 0)


@pytest.mark.parametrize(
    ("content", "right"),
    [(CONTENT, True), (CONTENT[:-1], False), (CONTENT[::-1], False), (None, False)],
    ids=["right", "short", "wrong", "missing"],
)
def test_only_what_can_be_read_and_has_the_hash_is_right(
    content: bytes | None, right: bool, tmp_path: Path
) -> None:
    twin = tmp_path / "twin"
    if content is not None:
        twin.write_bytes(content)
    with hashing() as hasher:
        checking = Checker(hasher, Meter(FILE.size), Stop()).is_right(twin, FILE)
        try:
            while True:
                next(checking)
        except StopIteration as end:
            assert end.value is right
