"""What a disk refuses, in words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from localr1.errors import DownloadError
from localr1.hub.disk import GOES_ON, disk_errors, require_space

PATH = Path("/models/owner/repo/a.gguf")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "The disk is full: /models/owner/repo takes no more."),
        (errno.EDQUOT, "Your quota is used up: /models/owner/repo takes no more."),
        (errno.EFBIG, "/models/owner/repo does not take a file as large as a.gguf."),
        (errno.EROFS, "/models/owner/repo is read-only."),
        (errno.EACCES, "/models/owner/repo may not be written by you."),
        (errno.ENOTDIR, "/models/owner/repo/a.gguf can't be used: Not a directory."),
        (errno.EIO, "/models/owner/repo/a.gguf can't be used: Input/output error."),
    ],
)
def test_each_refusal_has_its_sentence_and_its_way_out(code: int, words: str) -> None:
    with pytest.raises(DownloadError) as caught, disk_errors(PATH):
        raise OSError(code, os.strerror(code))
    assert caught.value.message == words
    assert caught.value.hint


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (errno.EISDIR, "move it away"),
        (errno.ENOTDIR, "move it away"),
        (errno.EEXIST, "move it away"),
        (errno.ENOENT, "taken away"),
        (errno.ENOLCK, "another place"),
    ],
)
def test_what_has_come_is_not_promised_where_it_may_be_lost_or_in_vain(code: int, hint: str) -> None:
    with pytest.raises(DownloadError) as caught, disk_errors(PATH):
        raise OSError(code, os.strerror(code))
    assert GOES_ON not in caught.value.hint
    assert hint in caught.value.hint


def test_a_file_of_somebody_else_is_named_itself(tmp_path: Path) -> None:
    part = tmp_path / "a.gguf.part"
    part.touch()
    with pytest.raises(DownloadError) as caught, disk_errors(part):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))
    assert caught.value.message == f"{part} may not be written by you."
    assert "Remove it" in caught.value.hint


def test_who_frees_space_is_told_that_nothing_is_lost() -> None:
    with pytest.raises(DownloadError) as caught, disk_errors(PATH):
        raise OSError(errno.ENOSPC, "full")
    assert caught.value.hint.endswith(GOES_ON)


def test_what_does_not_fit_is_refused_with_numbers(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"needs .* TB, and .* are free in"):
        require_space(tmp_path, 10**18)


def test_nothing_more_needs_no_space(tmp_path: Path) -> None:
    require_space(tmp_path, 0)
    require_space(tmp_path, 1)
