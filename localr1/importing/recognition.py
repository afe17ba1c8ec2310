"""Whose chat an object of JSON is, by the names in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import TypeAlias

import msgspec

from localr1.chat.title import title_of
from localr1.conversation import Conversation
from localr1.errors import UsageError
from localr1.importing import chatgpt, claude, lm_studio, open_webui, own
from localr1.importing.found import Found
from localr1.importing.json_value import read_value
from localr1.message import Role

LONGEST_TITLE = 200
"""Characters."""
LONGEST_NAME = 200
"""Characters of what a program calls a chat."""
MOST_PARTS = 1_000_000
"""Opening braces in one chat, which take more memory as objects than they do as text."""

_NAMED = re.compile(r"^\[(?!file content)[a-z ]+(: .*)?\]$", re.MULTILINE)
"""What is left out, as it is named in a text."""

_NOTHING = msgspec.Raw()

Read: TypeAlias = Callable[[bytes, float], Found]


class _Names(msgspec.Struct):
    """What chats have, each those of one program."""

    format: msgspec.Raw = _NOTHING
    mapping: msgspec.Raw = _NOTHING
    chat_messages: msgspec.Raw = _NOTHING
    chat: msgspec.Raw = _NOTHING
    messages: msgspec.Raw = _NOTHING

    def find(self) -> tuple[str, Read] | None:
        """The program, and how its chats are read."""
        if _is_there(self.mapping):
            return chatgpt.PROGRAM, chatgpt.read
        if _is_there(self.chat_messages):
            return claude.PROGRAM, claude.read
        if _is_there(self.chat):
            return open_webui.PROGRAM, open_webui.read
        if _is_there(self.messages):
            return lm_studio.PROGRAM, lm_studio.read
        return None


def read_chat(raw: bytes, otherwise: float) -> Found:
    """The chat of an object; one without a time has that which is given. Raises UsageError."""
    if raw.count(b"{") > MOST_PARTS:
        raise UsageError(f"It has more than {MOST_PARTS:,} parts.")
    names = read_value(raw, _Names)
    if _is_there(names.format):
        return own.read(raw, otherwise)
    match names.find():
        case program, read:
            return named(read(raw, otherwise), program)
        case _:
            raise UsageError("It is no chat of a program that localr1 knows.")


def named(found: Found, program: str) -> Found:
    """The chat with a title of one line, and an origin that no other chat has."""
    chat = found.conversation
    asked = next((entry.text for entry in chat.messages if entry.role is Role.USER), "")
    title = " ".join(chat.title.split())[:LONGEST_TITLE] or title_of(_NAMED.sub("", asked))
    name = chat.origin if 0 < len(chat.origin) <= LONGEST_NAME else _fingerprint(chat)
    origin = f"{program}:{name}"
    return replace(found, conversation=replace(chat, title=title, origin=origin))


def _fingerprint(chat: Conversation) -> str:
    """For a program that names its chats by nothing: how it begins."""
    first = chat.messages[0].text if chat.messages else ""
    return sha256(f"{chat.title}\n{first}".encode("utf-8", "replace")).hexdigest()[:32]


def _is_there(value: msgspec.Raw) -> bool:
    return value != _NOTHING
