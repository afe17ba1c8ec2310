"""Chats of ChatGPT: `conversations.json` of its export archive, each a mapping of ids to nodes of a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import msgspec

from localr1.chat_options import ChatOptions
from localr1.conversation import Conversation
from localr1.importing.content import Content, LeftOut, Part, Text, Thought, content
from localr1.importing.found import Found
from localr1.importing.json_value import read_value
from localr1.importing.moments import moment
from localr1.importing.tree import Node, grow
from localr1.message import FinishReason, Role

PROGRAM = "chatgpt"

_ENDINGS = {"interrupted": FinishReason.CANCELLED, "max_tokens": FinishReason.LENGTH}
_CITATION = re.compile("\ue200[^\ue201]*\ue201")
"""A mark in a text that stands for a page of the web."""
_UNSAID = frozenset({"reasoning_recap", "model_editable_context", "app_pairing_content"})
"""Kinds of content that nobody said."""


class _Asset(msgspec.Struct):
    content_type: str | None = None
    text: str | None = None
    asset_pointer: str | None = None


class _Thought(msgspec.Struct):
    content: str | None = None


class _Content(msgspec.Struct):
    content_type: str = "text"
    parts: list[str | _Asset | None] | None = None
    text: str | None = None
    thoughts: list[_Thought] | None = None
    user_profile: str | None = None
    user_instructions: str | None = None


class _Author(msgspec.Struct):
    role: str = ""
    name: str | None = None


class _Attachment(msgspec.Struct):
    id: str | None = None
    name: str | None = None


class _Finish(msgspec.Struct):
    type: str | None = None


class _Metadata(msgspec.Struct):
    model_slug: str | None = None
    attachments: list[_Attachment] | None = None
    finish_details: _Finish | None = None
    is_visually_hidden_from_conversation: bool | None = None


class _Message(msgspec.Struct):
    author: _Author
    content: _Content | None = None
    create_time: float | None = None
    metadata: _Metadata | None = None
    recipient: str | None = None

    @property
    def about(self) -> _Metadata:
        """What is known of the message, be it nothing."""
        return self.metadata or _Metadata()


class _Node(msgspec.Struct):
    message: _Message | None = None
    parent: str | None = None


class _Chat(msgspec.Struct):
    mapping: dict[str, _Node]
    title: str | None = None
    create_time: float | None = None
    current_node: str | None = None
    conversation_id: str | None = None
    id: str | None = None
    is_starred: bool | None = None


def read(raw: bytes, otherwise: float) -> Found:
    """The chat of an element of the list; one without a time has that which is given."""
    chat = read_value(raw, _Chat)
    begun = moment(chat.create_time) or otherwise
    tree = grow([_node(id_, node) for id_, node in chat.mapping.items()], chat.current_node, begun)
    return Found(
        Conversation(
            title=chat.title or "",
            created_at=begun,
            messages=tree.entries,
            leaf=tree.leaf,
            options=ChatOptions(instructions=_instructions(chat)),
            pinned=bool(chat.is_starred),
            origin=chat.conversation_id or chat.id or "",
        ),
        tree.left_out,
    )


def _node(id_: str, node: _Node) -> Node:
    message = node.message
    if message is None or message.content is None or message.author.role == "system" or _hidden(message):
        return Node(id_, node.parent, None)
    is_user = message.author.role == "user"
    return Node(
        id_,
        node.parent,
        Role.USER if is_user else Role.ASSISTANT,
        _said(message, message.content),
        moment(message.create_time),
        message.about.model_slug or "",
        _ENDINGS.get((message.about.finish_details or _Finish()).type or "", FinishReason.STOP),
    )


def _hidden(message: _Message) -> bool:
    kind = message.content.content_type if message.content else ""
    hidden = message.about.is_visually_hidden_from_conversation
    return bool(hidden) or kind == "user_editable_context"


def _said(message: _Message, said: _Content) -> Content:
    """What the tools are called with and answer is left out; their pictures are named as all pictures are."""
    parts = tuple(_parts(said, {each.id or "": each.name or "" for each in message.about.attachments or ()}))
    is_call = message.author.role == "assistant" and message.recipient not in (None, "all")
    if is_call:
        parts = (LeftOut("tool", message.recipient or ""),)
    elif message.author.role == "tool":
        pictures = tuple(part for part in parts if isinstance(part, LeftOut))
        parts = pictures or (LeftOut("tool result", message.author.name or ""),)
    return content([*_files(message, said), *parts])


def _parts(said: _Content, names: dict[str, str]) -> Iterator[Part]:
    yield from (Thought(each.content or "") for each in said.thoughts or ())
    if said.content_type == "code" and said.text:
        yield Text(f"```\n{said.text}\n```")
    elif said.text and said.content_type not in _UNSAID:
        yield Text(said.text)
    for part in said.parts or ():
        match part:
            case str():
                yield Text(_CITATION.sub("", part))
            case _Asset(text=str(text)) if text:
                yield Text(text)
            case _Asset(asset_pointer=str(pointer)):
                yield LeftOut(_kind(part), names.get(_id(pointer)) or _id(pointer))
            case _Asset():
                yield LeftOut(_kind(part))


def _files(message: _Message, said: _Content) -> Iterator[LeftOut]:
    """What was attached and stands nowhere else."""
    shown = {_id(part.asset_pointer or "") for part in said.parts or () if isinstance(part, _Asset)}
    for each in message.about.attachments or ():
        if each.id not in shown:
            yield LeftOut("file", each.name or "")


def _kind(asset: _Asset) -> str:
    return (asset.content_type or "file").partition("_")[0]


def _id(pointer: str) -> str:
    return PurePosixPath(pointer).name


def _instructions(chat: _Chat) -> str:
    """What the user wants to be known and heeded in all chats, and what stands in system messages."""
    contents = [
        (node.message.author.role, node.message.content)
        for node in chat.mapping.values()
        if node.message and node.message.content
    ]
    texts = [
        text
        for role, said in contents
        if role == "system" or said.content_type == "user_editable_context"
        for text in (said.user_profile, said.user_instructions, *(said.parts or ()))
    ]
    return "\n\n".join(
        dict.fromkeys(text.strip() for text in texts if isinstance(text, str) and text.strip())
    )
