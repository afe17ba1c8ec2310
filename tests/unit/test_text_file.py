"""Reading a file as text, in whatever encoding it is."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from localr1.errors import UsageError
from localr1.text_file import SIZE_LIMIT, TextFile, read_text_file


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"plain\r\ntext", TextFile("plain\ntext")),
        ("größer".encode(), TextFile("größer")),
        (codecs.BOM_UTF8 + "größer".encode(), TextFile("größer")),
        ("größer".encode("utf-16"), TextFile("größer", "UTF-16-LE")),
        (codecs.BOM_UTF16_BE + "größer".encode("utf-16-be"), TextFile("größer", "UTF-16-BE")),
        ("größer".encode("latin-1"), TextFile("größer", "Latin-1")),
        (b"", TextFile("")),
    ],
)
def test_text_is_read_in_every_usual_encoding(tmp_path: Path, data: bytes, expected: TextFile) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert read_text_file(path) == expected


@pytest.mark.parametrize(
    ("data", "reason"), [(b"\x89PNG\r\n\0\0", "not text"), (b"a" * (SIZE_LIMIT + 1), "larger than 16 MiB")]
)
def test_what_is_no_text_or_too_much_of_it_is_refused(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=reason):
        read_text_file(path)


def test_what_could_be_waited_for_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, reason in (
        (tmp_path / "pipe", "a named pipe"),
        (Path("/dev/zero"), "a device"),
        (tmp_path, "a dir"),
    ):
        with pytest.raises(UsageError, match=reason):
            read_text_file(path)
