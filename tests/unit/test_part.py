"""The unfinished file of a download."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from localr1.errors import DownloadError
from localr1.hub.part import Part, open_part
from localr1.library.part_files import file_of_part, is_locked, lock, part_path, parts_of, remove_part

SHA256 = "0123456789abcdef" * 4


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return part_path(tmp_path / "a.gguf", SHA256)


def append(part: Part | None, data: bytes) -> None:
    assert part
    part.append(memoryview(data))


def test_the_name_says_what_is_to_come(tmp_path: Path) -> None:
    path = part_path(tmp_path / "a.gguf", SHA256)
    assert path == tmp_path / "a.gguf.0123456789abcdef.part"
    assert file_of_part(path) == tmp_path / "a.gguf"


@pytest.mark.parametrize("name", ["a.gguf", "a.part", "a.gguf.0123.part", ".0123456789abcdef.part"])
def test_no_other_file_is_taken_for_an_unfinished_one(name: str, tmp_path: Path) -> None:
    assert file_of_part(tmp_path / name) is None


def test_everything_that_was_begun_of_a_file_is_found_and_nothing_else(tmp_path: Path) -> None:
    mine = [part_path(tmp_path / "a.gguf", digit * 64) for digit in "12"]
    for path in (*mine, part_path(tmp_path / "aa.gguf", SHA256), tmp_path / "a.gguf"):
        path.touch()
    assert parts_of(tmp_path / "a.gguf") == mine
    assert parts_of(tmp_path / "nowhere" / "a.gguf") == []


def test_what_was_written_is_there_when_it_is_opened_again(path: Path) -> None:
    with open_part(path) as part:
        append(part, b"one")
    with open_part(path) as part:
        append(part, b"two")
        assert part and part.size == 6
        block = memoryview(bytearray(4))
        assert [(part.read_into(block), bytes(block)) for _ in range(2)] == [(4, b"onet"), (2, b"woet")]
        assert part.read_into(block) == 0
    assert path.read_bytes() == b"onetwo"


def test_nothing_of_the_first_try_is_left_after_a_restart(path: Path) -> None:
    with open_part(path) as part:
        append(part, b"a longer one")
        assert part
        part.restart()
        append(part, b"short")
    assert path.read_bytes() == b"short"


def test_an_empty_one_does_not_stay(path: Path) -> None:
    with open_part(path):
        assert path.exists()
    assert not path.exists()


def test_another_one_that_came_in_its_place_is_left_alone(path: Path) -> None:
    with open_part(path) as part:
        assert part
        part.discard()
        path.write_bytes(b"of somebody else")
        part.discard()
    assert path.read_bytes() == b"of somebody else"


def test_it_is_private_whatever_the_umask_says(path: Path) -> None:
    before = os.umask(0)
    try:
        path.touch(0o666)
        with open_part(path) as part:
            append(part, b"one")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_one_downloads_into_it_at_a_time(path: Path) -> None:
    with open_part(path) as first:
        append(first, b"one")
        with open_part(path) as second:
            assert second is None
        assert is_locked(path)
    assert not is_locked(path)
    with open_part(path) as third:
        assert third


def test_nobody_can_remove_it_while_it_grows(path: Path) -> None:
    with open_part(path) as part:
        append(part, b"one")
        assert not remove_part(path)
        assert path.exists()
    assert remove_part(path)
    assert not path.exists()
    assert remove_part(path)


def test_a_lock_on_a_file_that_lies_there_no_more_is_worth_nothing(path: Path) -> None:
    with open_part(path) as first:
        append(first, b"whole")
        opened = os.open(path, os.O_RDWR)
        assert first
        first.publish(path.with_name("a.gguf"))
    with os.fdopen(opened):
        assert not lock(opened, path)
        path.touch()
        assert not lock(opened, path)


def test_it_takes_the_place_of_an_old_file(path: Path) -> None:
    final = path.with_name("a.gguf")
    final.write_bytes(b"old")
    with open_part(path) as part:
        append(part, b"new")
        assert final.read_bytes() == b"old"
        assert part
        part.publish(final)
    assert list(path.parent.iterdir()) == [final]
    assert final.read_bytes() == b"new"
    assert stat.S_IMODE(final.stat().st_mode) == 0o600


def test_a_link_planted_in_its_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    path.symlink_to(victim)
    with pytest.raises(DownloadError, match="is a link"), open_part(path):
        pass
    path.unlink()
    path.hardlink_to(victim)
    with pytest.raises(DownloadError, match="no file that localr1 made"), open_part(path):
        pass
    assert victim.read_bytes() == b"precious"


def test_what_is_no_file_is_refused_at_once(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(DownloadError, match="no file that localr1 made"), open_part(path):
        pass
    path.unlink()
    path.mkdir()
    with pytest.raises(DownloadError, match="can't be used: Is a directory"), open_part(path):
        pass
