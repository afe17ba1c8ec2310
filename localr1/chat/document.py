"""Whole chats as JSON, for backups and programs: a list of documents, each of which names its format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

import msgspec

from localr1.conversation import Conversation, Entry

FORMAT: Final = "localr1 chat"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ChatDocument:
    """A chat, and how to read it."""

    format: Literal["localr1 chat"]
    version: Literal[1]
    chat: Conversation


def to_json(chats: Iterable[Conversation], *, thinking: bool = True) -> Iterator[str]:
    """The pieces of a JSON list; without thinking, the raw replies that it stands in are left out as well."""
    opening = "[\n"
    for chat in chats:
        document = ChatDocument(FORMAT, VERSION, chat if thinking else _without_thinking(chat))
        yield opening + msgspec.json.format(msgspec.json.encode(document), indent=1).decode()
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def _without_thinking(chat: Conversation) -> Conversation:
    return replace(chat, messages=tuple(map(_answer, chat.messages)))


def _answer(entry: Entry) -> Entry:
    """A message without its thinking, as if there had been none."""
    return replace(entry, thinking="", raw=entry.text if entry.raw else "")
