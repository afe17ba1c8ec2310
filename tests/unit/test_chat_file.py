"""A whole chat written to a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from localr1.chat.chat_file import export_chat
from localr1.errors import UsageError
from localr1.store.chats import Chats
from localr1.store.database import Database


@pytest.fixture
def chats() -> Iterator[Chats]:
    with closing(Database.in_memory()) as database:
        yield Chats(database)


def written(chats: Chats, folder: Path, name: str = "") -> Path:
    """A new chat with the title Sums, in its file."""
    chat = chats.create(title="Sums")
    chats.add_user_message(chat.id, None, "half a pair: \ud800")
    return export_chat(chats, chats.get(chat.id), folder, name)


def test_a_chat_gets_a_name_from_its_title_or_the_one_that_is_given(chats: Chats, tmp_path: Path) -> None:
    assert written(chats, tmp_path) == tmp_path / "sums.md"
    assert written(chats, tmp_path) == tmp_path / "sums-2.md"
    assert written(chats, tmp_path, "mine").read_text().startswith("# Sums\n")


def test_a_name_of_a_page_gets_a_page_and_one_of_json_the_whole_chat(chats: Chats, tmp_path: Path) -> None:
    assert written(chats, tmp_path, "mine.HTML").read_text().startswith("<!doctype html>")
    assert json.loads(written(chats, tmp_path, "mine.json").read_text())[0]["chat"]["title"] == "Sums"


def test_a_file_that_is_there_is_kept(chats: Chats, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        written(chats, tmp_path, "mine.md")
    assert (tmp_path / "mine.md").read_text() == "mine"


@pytest.mark.parametrize("name", ["no/such/folder.md", "a\0b", "~nobody-at-all/x.md", "x" * 300])
def test_a_file_that_can_not_be_written_is_said(chats: Chats, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        written(chats, tmp_path, name)
