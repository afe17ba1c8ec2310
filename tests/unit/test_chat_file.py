"""A whole chat written to a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.chat.chat_file import export_chat
from localr1.errors import UsageError
from localr1.message import Message, Role

SAID = [Message(1, 1, None, Role.USER, "half a pair: \ud800", 0.0)]


def test_a_chat_gets_a_name_from_its_title_or_the_one_that_is_given(tmp_path: Path) -> None:
    assert export_chat("Sums", SAID, tmp_path) == tmp_path / "sums.md"
    assert export_chat("Sums", SAID, tmp_path) == tmp_path / "sums-2.md"
    assert export_chat("Sums", SAID, tmp_path, "mine").read_text().startswith("# Sums\n")


def test_a_name_of_a_page_gets_a_page(tmp_path: Path) -> None:
    assert export_chat("Mine", SAID, tmp_path, "mine.HTML").read_text().startswith("<!doctype html>")


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        export_chat("Title", SAID, tmp_path, "mine.md")
    assert (tmp_path / "mine.md").read_text() == "mine"


@pytest.mark.parametrize("name", ["no/such/folder.md", "a\0b", "~nobody-at-all/x.md", "x" * 300])
def test_a_file_that_can_not_be_written_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        export_chat("Title", SAID, tmp_path, name)
