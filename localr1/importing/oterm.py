"""Chats of oterm: its `store.db`, a row for each chat and each message; it keeps no thinking and no times."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import msgspec

from localr1.chat_options import ChatOptions
from localr1.conversation import Conversation
from localr1.importing.content import Content, LeftOut, Text, content, reply
from localr1.importing.found import Found
from localr1.importing.tree import Node, grow
from localr1.message import Role
from localr1.store.driver import Row
from localr1.store.foreign import ForeignDatabase

PROGRAM = "oterm"


def recognized(database: ForeignDatabase) -> bool:
    """Whether it is a store of oterm."""
    messages = database.columns("message")
    return {"id", "name", "model"} <= database.columns("chat") and {"chat_id", "author", "text"} <= messages


def read(database: ForeignDatabase, otherwise: float) -> Iterator[Found]:
    """The chats, the newest first, at the time that is given, as they have none."""
    chats, messages = database.ids_by("chat", "id"), database.ids_by("message", "chat_id")
    for name in reversed(chats):
        for title, model, system in database.rows("chat", ("name", "model", "system"), chats[name]):
            rows = database.rows("message", ("author", "text", "images"), messages.get(name, ()))
            nodes = [_node(number, row, str(model)) for number, row in enumerate(rows)]
            yield _chat(name, str(title or ""), str(system or ""), nodes, otherwise)


def _chat(name: str, title: str, system: str, nodes: list[Node], otherwise: float) -> Found:
    tree = grow(nodes, None, otherwise)
    first = sha256(nodes[0].content.text.encode("utf-8", "replace")).hexdigest()[:16] if nodes else ""
    return Found(
        Conversation(
            title=title,
            created_at=otherwise,
            messages=tree.entries,
            leaf=tree.leaf,
            options=ChatOptions(instructions=system),
            origin=f"{name}-{first}",
        ),
        tree.left_out,
    )


def _node(number: int, row: Row, model: str) -> Node:
    author, text, images = row
    role = Role.USER if author == "user" else Role.ASSISTANT
    return Node(str(number), str(number - 1), role, _said(role, str(text or ""), images), None, model)


def _said(role: Role, text: str, images: object) -> Content:
    pictures = [LeftOut("image")] * _count(images)
    return content([*pictures, *(reply(text) if role is Role.ASSISTANT else [Text(text)])])


def _count(images: object) -> int:
    """How many pictures a column lists; they are in it themselves, without names."""
    try:
        return len(msgspec.json.decode(str(images or "[]"), type=list[msgspec.Raw]))
    except (msgspec.MsgspecError, RecursionError):
        return 0
