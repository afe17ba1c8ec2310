"""Chats of localr1 itself, as `localr1 chats export --format json` writes them."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from localr1.chat.document import FORMAT, VERSION, ChatDocument
from localr1.conversation import Conversation
from localr1.errors import UsageError
from localr1.importing.found import Found
from localr1.importing.json_value import read_value
from localr1.importing.moments import NEWEST
from localr1.store.shelf import tags_of


class _Kind(msgspec.Struct):
    format: str
    version: int


def read(raw: bytes, otherwise: float) -> Found:
    """The chat of a document; raises UsageError for one of a newer localr1, and for a tree that is none."""
    kind = read_value(raw, _Kind)
    if kind.format == FORMAT and kind.version > VERSION:
        raise UsageError("A newer localr1 wrote it.", hint="Update localr1.")
    chat = read_value(raw, ChatDocument).chat
    _check(chat)
    return Found(replace(chat, tags=tags_of(" ".join(chat.tags))))


def _check(chat: Conversation) -> None:
    known: set[int | None] = {None}
    newest = 0
    for entry in chat.messages:
        if entry.id <= newest or entry.parent not in known:
            raise UsageError(f"Its message {entry.id} does not come behind the one it follows.")
        newest = entry.id
        known.add(entry.id)
    if chat.leaf not in known:
        raise UsageError("It shows a message that it has not.")
    if any(abs(when) > NEWEST for when in (chat.created_at, *(each.created_at for each in chat.messages))):
        raise UsageError("A time in it is none.")
