"""Names of the files that a database is made of, also where a file can have one only."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from localr1.store.files import name_new, name_twice


def no_link(path: Path, second: Path) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def failing_link(path: Path, second: Path) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_new_file_gets_its_name_where_files_have_one_only(tmp_path: Path) -> None:
    new, path = tmp_path / "new", tmp_path / "chats.db"
    new.write_text("ours")
    name_new(new, path, no_link)
    assert path.read_text() == "ours"
    assert not new.exists()


def test_a_new_file_never_takes_the_place_of_another_one(tmp_path: Path) -> None:
    new, path = tmp_path / "new", tmp_path / "chats.db"
    new.write_text("ours")
    path.write_text("theirs")
    name_new(new, path, no_link)
    name_new(new, path)
    assert path.read_text() == "theirs"


def test_a_file_that_can_have_one_name_only_is_copied(tmp_path: Path) -> None:
    path, second = tmp_path / "chats.db", tmp_path / "second"
    path.write_text("ours")
    name_twice(path, second, no_link)
    assert second.read_text() == "ours"
    assert second.stat().st_mode & 0o777 == 0o600
    assert {file.name for file in tmp_path.iterdir()} == {"chats.db", "second"}


@pytest.mark.parametrize("name", [name_new, name_twice])
def test_a_disk_that_fails_is_no_disk_without_links(tmp_path: Path, name: object) -> None:
    assert callable(name)
    (tmp_path / "a").write_text("ours")
    with pytest.raises(OSError, match="Input/output"):
        name(tmp_path / "a", tmp_path / "b", failing_link)
    assert not (tmp_path / "b").exists()
