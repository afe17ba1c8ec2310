"""Files that somebody made to do harm: refused or bounded, and never changed."""

from __future__ import annotations

import json
import random
from contextlib import closing
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlcipher3 import dbapi2 as sqlite

from localr1.errors import UsageError
from localr1.importing.found import Unreadable
from localr1.importing.source import files_of
from localr1.store.foreign import LONGEST_VALUE
from tests.importing.foreign import FILES, database, read, read_all, said

CHATGPT = (FILES / "chatgpt.json").read_bytes()


def archive(path: Path, content: bytes) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        file.writestr("conversations.json", content)
    return path


def test_an_archive_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    bomb = archive(tmp_path / "bomb.zip", b'[{"a":"' + bytes(32 * 2**20) + b'"}]')
    with pytest.raises(UsageError, match="trap"):
        read_all(bomb)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_archive_says_so(seed: int, tmp_path: Path) -> None:
    path = archive(tmp_path / "cut.zip", CHATGPT)
    data, chance = bytearray(path.read_bytes()), random.Random(seed)
    for _ in range(20):
        data[chance.randrange(4, len(data))] = chance.randrange(256)
    path.write_bytes(data[: len(data) - seed])
    try:
        read_all(path)
    except UsageError as error:
        assert error.message.startswith(str(path))


def test_an_archive_of_something_else_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with ZipFile(path, "w") as file:
        file.writestr("photo.jpg", b"")
    with pytest.raises(UsageError, match=r"no conversations\.json"):
        read_all(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"\x89PNG",
        b"%PDF-1.7",
        b"[[]]",
        b"SQLite format 3\0",
        b"SQLite format 3\0" + b"x" * 5000,
    ],
)
def test_what_is_no_export_gives_no_chat(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    try:
        assert all(isinstance(each, Unreadable) for each in read_all(path))
    except UsageError as error:
        assert str(path) in error.message


def test_one_bad_chat_keeps_no_other_from_coming(tmp_path: Path) -> None:
    path = tmp_path / "chats.json"
    good = CHATGPT.decode().strip()[1:-1]
    path.write_text(f'[{{"mapping": 3}}, {good}, {{"mapping": {{"a": {{"parent": "a"}}}}}}, {{"x": 1}}]')
    bad, _, circle, unknown = read_all(path)
    assert bad == Unreadable(f"{path}, chat 1", "Expected `object`, got `int` - at `$.mapping`.")
    assert isinstance(circle, Unreadable)
    assert "circle" in circle.reason
    assert isinstance(unknown, Unreadable)


@pytest.mark.parametrize("time", ["1e300", "-5", "0", "null", "99999999999999"])
def test_a_time_that_is_none_is_that_of_the_file(time: str, tmp_path: Path) -> None:
    path = tmp_path / "chats.json"
    path.write_bytes(CHATGPT.replace(b"1717243200.5", time.encode()))
    [chat] = read(path)
    assert chat.created_at == path.stat().st_mtime


def test_a_title_stays_on_its_line_and_short(tmp_path: Path) -> None:
    path = tmp_path / "chats.json"
    path.write_bytes(CHATGPT.replace(b'"Adding numbers"', json.dumps("two\n lines" * 1000).encode()))
    [chat] = read(path)
    assert chat.title.startswith("two lines")
    assert len(chat.title) == 200


def test_many_folds_that_never_close_take_no_longer_than_they_are(tmp_path: Path) -> None:
    path = tmp_path / "chats.json"
    fold = '<details type=\\"reasoning\\">' * 50_000
    text = (FILES / "open_webui.json").read_text().replace('"Ye"', f'"{fold}"')
    path.write_text(text)
    [chat] = read(path)
    assert chat.messages[4].text.startswith("<details")


def test_a_view_in_the_place_of_a_table_is_not_read(tmp_path: Path) -> None:
    path = database("llm", tmp_path)
    endless = "with recursive n (i) as (select 1 union all select i + 1 from n) select i, i, i from n"
    with closing(sqlite.connect(path)) as connection:
        connection.executescript(
            f"drop table responses;create view responses (prompt, response, conversation_id) as {endless}"
        )
    with pytest.raises(UsageError, match="does not know"):
        read_all(path)


def test_a_text_without_end_in_a_database_is_refused(tmp_path: Path) -> None:
    path = database("oterm", tmp_path)
    with closing(sqlite.connect(path)) as connection:
        connection.execute("update message set text = cast(zeroblob(?) as text)", (LONGEST_VALUE + 1,))
        connection.commit()
    with pytest.raises(UsageError, match="64 MiB"):
        read_all(path)


@pytest.mark.parametrize("seed", range(10))
def test_a_damaged_database_says_so_and_stays_as_it_is(seed: int, tmp_path: Path) -> None:
    path = database("llm", tmp_path)
    data, chance = bytearray(path.read_bytes()), random.Random(seed)
    for _ in range(200):
        data[chance.randrange(100, len(data))] = chance.randrange(256)
    path.write_bytes(data)
    try:
        read_all(path)
    except UsageError as error:
        assert str(path) in error.message
    assert path.read_bytes() == data
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_what_waits_in_the_log_of_an_open_database_is_read_and_nothing_touched(tmp_path: Path) -> None:
    path = database("oterm", tmp_path)
    with closing(sqlite.connect(path)) as owner:
        owner.execute("pragma journal_mode = wal").fetchall()
        owner.execute("begin immediate")
        owner.execute("insert into message (chat_id, author, text) values (2, 'assistant', 'Hi there')")
        owner.commit()
        owner.execute("begin immediate")
        before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
        assert said(read(path)[0])[-1] == "1 assistant: Hi there"
        assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
        owner.rollback()


def test_a_database_that_may_only_be_read_is_read(tmp_path: Path) -> None:
    path = database("oterm", tmp_path)
    path.chmod(0o400)
    assert len(read(path)) == 2


def test_of_a_folder_the_lists_come_or_all_files_of_json(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "empty").mkdir()
    for name in ("1.conversation.json", "deeper/2.conversation.json", "note.txt"):
        (tmp_path / name).touch()
    assert [each.name for each in files_of(tmp_path)] == ["2.conversation.json", "1.conversation.json"]
    (tmp_path / "conversations.json").touch()
    assert [each.name for each in files_of(tmp_path)] == ["conversations.json"]
    with pytest.raises(UsageError, match="no chats"):
        files_of(tmp_path / "empty")


def test_a_chat_of_countless_parts_is_refused_before_they_are_made(tmp_path: Path) -> None:
    path = tmp_path / "chats.json"
    path.write_bytes(b'[{"mapping":{' + b'"a":{},' * 1_000_001 + b'"b":{}}}]')
    [refused] = read_all(path)
    assert isinstance(refused, Unreadable)
    assert "1,000,000 parts" in refused.reason
