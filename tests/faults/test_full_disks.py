"""Downloads onto disks that are too small, fill on the way, or refuse."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from localr1.errors import DownloadError
from localr1.hub.disk import GOES_ON
from localr1.library.part_files import RESERVE, parts_in
from tests.hub.pulling import CONTENT, REPO, SIZE, begin, fetched, files, steps
from tests.hub.server import HubServer


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk on which the model has room, and 4 MB more."""
    disk = tmp_path / "disk"
    disk.mkdir()
    size = f"size={RESERVE + SIZE + 4_000_000}"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", disk], check=False).returncode:
        pytest.skip("Only root makes disks.")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_disk_that_fills_on_the_way_keeps_what_has_come(server: HubServer, small_disk: Path) -> None:
    filler = small_disk / "filler"

    def fill(position: int) -> None:
        if position >= SIZE * 8 // 10 and not filler.exists():
            with filler.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(small_disk).free)

    with pytest.raises(DownloadError, match="The disk is full") as caught:
        list(steps(server, small_disk, tell=fill))
    assert caught.value.hint.endswith(GOES_ON)
    (part,) = parts_in(small_disk / REPO)
    came = part.stat().st_size
    assert SIZE * 8 // 10 <= came < SIZE
    filler.unlink()
    assert fetched(list(steps(server, small_disk))) == SIZE - came


def test_a_disk_that_is_too_small_is_told_before_the_first_byte(server: HubServer, small_disk: Path) -> None:
    with (small_disk / "filler").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, 5_000_000)
    with pytest.raises(DownloadError, match=r"The download needs 67\.0 MB, and 6"):
        list(steps(server, small_disk))
    assert not server.requests
    assert files(small_disk) == ["filler"]


def test_all_parts_of_a_model_must_fit_before_the_first_byte(
    split_server: HubServer, small_disk: Path
) -> None:
    with (small_disk / "filler").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, 6_000_000)
    with pytest.raises(DownloadError, match=r"The download needs 65\.5 MB"):
        list(steps(split_server, small_disk))
    assert not split_server.requests


def test_what_is_there_already_needs_no_space_again(server: HubServer, small_disk: Path) -> None:
    begin(server, small_disk, SIZE - 1000)
    with (small_disk / "filler").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, 3_900_000)
    assert fetched(list(steps(server, small_disk))) == 1000


def test_a_part_that_is_whole_needs_no_space(server: HubServer, small_disk: Path) -> None:
    begin(server, small_disk, SIZE // 2)
    (part,) = parts_in(small_disk / REPO)
    part.write_bytes(CONTENT)
    with (small_disk / "filler").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, 5_000_000)
    assert fetched(list(steps(server, small_disk))) == 0


def test_a_limit_on_the_size_of_files_is_named(server: HubServer, models: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE * 8 // 10, limits[1]))
    try:
        with pytest.raises(DownloadError, match="does not take a file as large as"):
            list(steps(server, models))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert fetched(list(steps(server, models))) == SIZE - SIZE * 8 // 10


def test_a_disk_that_is_read_only_is_named(server: HubServer, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(DownloadError, match="is read-only"):
        list(steps(server, small_disk))


def test_a_model_that_is_known_needs_no_writing_at_all(server: HubServer, small_disk: Path) -> None:
    list(steps(server, small_disk))
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert fetched(list(steps(server, small_disk))) == 0
