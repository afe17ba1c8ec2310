"""The token in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.errors import UsageError
from localr1.hub.token import read_token

TOKEN = "hf_abcdefghijklmnop"


def test_a_token_is_read_without_the_end_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    assert read_token(path) == TOKEN


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"short", b"two tokens", f"{TOKEN}\r\nX-Evil: 1".encode(), b"\xff\xfe" * 20, b"x" * 5000],
    ids=["empty", "blank", "short", "two", "header", "binary", "long"],
)
def test_what_is_no_token_is_refused_without_showing_it(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        read_token(path)
    assert refused.value.message == f"There is no token in {path}."


def test_a_token_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        with pytest.raises(UsageError) as refused:
            read_token(path)
        assert str(path) in refused.value.message
