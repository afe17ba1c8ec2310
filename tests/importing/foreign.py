"""Files of other programs, as they write them, and what is read from them in short."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from localr1.conversation import Conversation
from localr1.importing.found import Found, Unreadable
from localr1.importing.source import open_source

FILES = Path(__file__).parent / "files"


def database(name: str, directory: Path) -> Path:
    """The database of a program, made of its SQL."""
    path = directory / f"{name}.db"
    with closing(sqlite.connect(path)) as connection:
        sql = (FILES / f"{name}.sql").read_text()
        connection.executescript(f"pragma synchronous = off; begin; {sql} commit;")
    return path


def read_all(path: Path) -> list[Found | Unreadable]:
    """Whatever a file holds."""
    with open_source(path) as source:
        return list(source)


def read(path: Path) -> list[Conversation]:
    """The chats of a file, all of which can be read."""
    found = read_all(path)
    assert not [each for each in found if isinstance(each, Unreadable)]
    return [each.conversation for each in found if isinstance(each, Found)]


def said(chat: Conversation) -> list[str]:
    """A line for each message: what it follows, who says it, (its thinking) and its text."""
    return [
        f"{each.parent or '-'} {each.role.value}: "
        + (f"({each.thinking}) " if each.thinking else "")
        + each.text
        for each in chat.messages
    ]
