"""Chats of Claude: `conversations.json` of its export archive, each a list of messages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath

import msgspec

from localr1.attachment import Attachment, pack
from localr1.conversation import Conversation
from localr1.importing.content import Content, LeftOut, Part, Text, Thought, content
from localr1.importing.found import Found
from localr1.importing.json_value import read_value
from localr1.importing.moments import moment
from localr1.importing.tree import Node, grow
from localr1.message import Role

PROGRAM = "claude"

_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".svg"})


class _Block(msgspec.Struct):
    type: str = ""
    text: str | None = None
    thinking: str | None = None
    name: str | None = None


class _File(msgspec.Struct):
    file_name: str | None = None
    extracted_content: str | None = None


class _Message(msgspec.Struct):
    uuid: str
    sender: str = ""
    text: str | None = None
    content: list[_Block] | None = None
    created_at: str | None = None
    attachments: list[_File] | None = None
    files: list[_File] | None = None
    parent_message_uuid: str | None = None


class _Chat(msgspec.Struct):
    chat_messages: list[_Message]
    uuid: str = ""
    name: str | None = None
    model: str | None = None
    created_at: str | None = None
    is_starred: bool | None = None
    current_leaf_message_uuid: str | None = None


def read(raw: bytes, otherwise: float) -> Found:
    """The chat of an element of the list; one without a time has that which is given."""
    chat = read_value(raw, _Chat)
    begun = moment(chat.created_at) or otherwise
    leaf = chat.current_leaf_message_uuid or (chat.chat_messages[-1].uuid if chat.chat_messages else None)
    tree = grow(list(_nodes(chat)), leaf, begun)
    return Found(
        Conversation(
            title=chat.name or "",
            created_at=begun,
            messages=tree.entries,
            leaf=tree.leaf,
            pinned=bool(chat.is_starred),
            origin=chat.uuid,
        ),
        tree.left_out,
    )


def _nodes(chat: _Chat) -> Iterator[Node]:
    """Older archives do not say what a message follows: then it is the one before."""
    is_tree = any(message.parent_message_uuid for message in chat.chat_messages)
    before: str | None = None
    for message in chat.chat_messages:
        parent = message.parent_message_uuid if is_tree else before
        role = Role.USER if message.sender == "human" else Role.ASSISTANT
        said = _said(message)
        yield Node(message.uuid, parent, role, said, moment(message.created_at), chat.model or "")
        before = message.uuid


def _said(message: _Message) -> Content:
    """The blocks of a message, or its text where there are none; attached texts as files of a question."""
    parts = [part for block in message.content or () for part in _part(block)]
    whole = content(parts if any(map(_has_text, parts)) else [*parts, Text(message.text or "")])
    attached = [each for each in message.attachments or () if each.extracted_content]
    texts = [Attachment(_name(each), each.extracted_content or "") for each in attached]
    others = [each for each in chain(message.attachments or (), message.files or ()) if each not in attached]
    named = content([*(_left_out(each) for each in others), Text(whole.text)])
    return Content(pack(texts, named.text), whole.thinking, whole.left_out + named.left_out)


def _part(block: _Block) -> Iterator[Part]:
    match block:
        case _Block("text" | "voice_note"):
            yield Text(block.text or "")
        case _Block("thinking"):
            yield Thought(block.thinking or "")
        case _Block("tool_use"):
            yield LeftOut("tool", block.name or "")
        case _Block("tool_result"):
            yield LeftOut("tool result", block.name or "")
        case _Block("token_budget" | "flag"):
            pass
        case _:
            yield LeftOut(block.type or "something", block.name or "")


def _has_text(part: Part) -> bool:
    return isinstance(part, Text) and bool(part.text.strip())


def _name(file: _File) -> str:
    return " ".join((file.file_name or "").split()) or "attachment"


def _left_out(file: _File) -> LeftOut:
    is_picture = PurePosixPath(_name(file)).suffix.lower() in _PICTURES
    return LeftOut("image" if is_picture else "file", file.file_name or "")
