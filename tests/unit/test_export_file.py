"""The file of an exported chat: a name of its own, private, never over another one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from localr1.chat.export_file import LENGTH, proposed_file, write_new_file, written_path
from localr1.errors import UsageError


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What is 47 + 85?", "what-is-47-85.md"),
        ("", "chat.md"),
        ("../../etc/passwd\0\x1b[2J", "etc-passwd-2j.md"),
        ("9.11 和 9.9 哪个更大？", "9-11-和-9-9-哪个更大.md"),
        ("x" * 300, "x" * LENGTH + ".md"),
    ],
)
def test_the_name_is_made_of_the_words_of_the_title(tmp_path: Path, title: str, name: str) -> None:
    assert proposed_file(title, tmp_path) == tmp_path / name


def test_a_name_that_is_taken_is_not_proposed(tmp_path: Path) -> None:
    for name in ("sums.md", "sums-2.md"):
        (tmp_path / name).touch()
    assert proposed_file("Sums", tmp_path) == tmp_path / "sums-3.md"


def test_a_file_is_written_as_it_is_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "chat.md"
    write_new_file(path, "a\r\nb 🦀\n")
    assert path.read_bytes() == "a\r\nb 🦀\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize("taken", ["file", "link"])
def test_nothing_is_ever_overwritten(tmp_path: Path, taken: str) -> None:
    path, target = tmp_path / "chat.md", tmp_path / "target"
    if taken == "file":
        path.write_text("mine")
    else:
        path.symlink_to(target)
    with pytest.raises(UsageError, match="is there already"):
        write_new_file(path, "theirs")
    assert not target.exists()
    assert taken == "link" or path.read_text() == "mine"


@pytest.mark.parametrize("name", ["no/such/directory.md", "x" * 300, "nul\0.md", "."])
def test_a_place_that_takes_no_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        write_new_file(tmp_path / name, "text")


def test_a_tilde_is_a_home() -> None:
    assert written_path("~/chat.md") == Path.home() / "chat.md"
    with pytest.raises(UsageError):
        written_path("~nobody-of-that-name/chat.md")
