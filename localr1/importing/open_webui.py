"""Chats of Open WebUI: its JSON export, a list of chats each with a history of messages by their ids."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import chain

import msgspec

from localr1.chat_options import ChatOptions
from localr1.conversation import Conversation
from localr1.importing.content import Content, LeftOut, Part, Text, Thought, content, reply
from localr1.importing.found import Found
from localr1.importing.json_value import read_value
from localr1.importing.moments import moment
from localr1.importing.tree import Node, grow
from localr1.message import FinishReason, Role
from localr1.store.shelf import tags_of

PROGRAM = "open-webui"

_OPENING = re.compile(r'<details\b[^<>]*\btype="(?P<kind>[a-z_:]+)"[^<>]*>')
_CLOSING = "</details>"
_SUMMARY = re.compile(r"^\s*<summary>[^<]*</summary>\s*", re.IGNORECASE)
_NAME = re.compile(r'\bname="([^"]*)"')


class _Block(msgspec.Struct):
    type: str = ""
    text: str | None = None


class _Item(msgspec.Struct):
    type: str = ""
    content: list[_Block] | None = None
    summary: list[_Block] | None = None
    name: str | None = None
    code: str | None = None


class _File(msgspec.Struct):
    type: str | None = None
    name: str | None = None


class _Message(msgspec.Struct, rename="camel"):
    role: str = ""
    parent_id: str | None = None
    content: str | list[_Block] | None = None
    output: list[_Item] | None = None
    reasoning_content: str | None = msgspec.field(default=None, name="reasoning_content")
    timestamp: float | None = None
    model: str | None = None
    files: list[_File] | None = None
    done: bool | None = None


class _History(msgspec.Struct, rename="camel"):
    messages: dict[str, _Message] = {}
    current_id: str | None = None


class _Params(msgspec.Struct):
    system: str | None = None


class _Body(msgspec.Struct):
    history: _History = msgspec.field(default_factory=_History)
    title: str | None = None
    system: str | None = None
    params: _Params | None = None
    timestamp: float | None = None


class _Meta(msgspec.Struct):
    tags: list[str] | None = None


class _Chat(msgspec.Struct):
    chat: _Body
    id: str | None = None
    title: str | None = None
    created_at: float | None = None
    pinned: bool | None = None
    meta: _Meta | None = None


def read(raw: bytes, otherwise: float) -> Found:
    """The chat of an element of the list; one without a time has that which is given."""
    chat = read_value(raw, _Chat)
    body = chat.chat
    begun = moment(chat.created_at) or moment(body.timestamp, 1000) or otherwise
    tree = grow([_node(*item) for item in body.history.messages.items()], body.history.current_id, begun)
    return Found(
        Conversation(
            title=chat.title or body.title or "",
            created_at=begun,
            messages=tree.entries,
            leaf=tree.leaf,
            options=ChatOptions(instructions=_instructions(body)),
            pinned=bool(chat.pinned),
            tags=tags_of(" ".join((chat.meta or _Meta()).tags or ())),
            origin=chat.id or "",
        ),
        tree.left_out,
    )


def _node(id_: str, message: _Message) -> Node:
    role = {"user": Role.USER, "assistant": Role.ASSISTANT}.get(message.role)
    ending = FinishReason.INTERRUPTED if message.done is False else FinishReason.STOP
    said, created_at = _said(message), moment(message.timestamp)
    return Node(id_, message.parent_id, role, said, created_at, message.model or "", ending)


def _instructions(body: _Body) -> str:
    """Those of the chat, or of the system messages in it."""
    written = (body.params and body.params.system) or body.system
    said = (_said(each).text for each in body.history.messages.values() if each.role == "system")
    return written or "\n\n".join(filter(None, said))


def _said(message: _Message) -> Content:
    files = (
        LeftOut("image" if each.type == "image" else "file", each.name or "") for each in message.files or ()
    )
    thought = [Thought(message.reasoning_content)] if message.reasoning_content else []
    return content(chain(files, thought, _parts(message)))


def _parts(message: _Message) -> Iterator[Part]:
    """The items of newer versions; of older ones the text, with thinking as HTML or between tags."""
    if message.output:
        yield from chain.from_iterable(map(_item, message.output))
        return
    text = message.content
    for block in [_Block("text", text)] if isinstance(text, str) else text or []:
        if block.type != "text":
            yield LeftOut(block.type.removesuffix("_url") or "file")
        elif message.role == "assistant":
            yield from _folded(block.text or "")
        else:
            yield Text(block.text or "")


def _item(item: _Item) -> Iterator[Part]:
    match item.type:
        case "message":
            yield from (Text(block.text or "") for block in item.content or ())
        case "reasoning":
            yield from (Thought(block.text or "") for block in item.summary or item.content or ())
        case "open_webui:code_interpreter" if item.code:
            yield Text(f"```\n{item.code}\n```")
        case "function_call_output":
            yield LeftOut("tool result")
        case _:
            yield LeftOut("tool", item.name or item.type)


def _folded(text: str) -> Iterator[Part]:
    """What is folded away in the text: thinking as a quotation, and calls of tools."""
    at = 0
    while (opening := _OPENING.search(text, at)) and (end := text.find(_CLOSING, opening.end())) >= 0:
        yield Text(text[at : opening.start()].strip())
        at = end + len(_CLOSING)
        if opening["kind"] == "reasoning":
            yield Thought(_unquoted(text[opening.end() : end]))
        else:
            name = _NAME.search(opening[0])
            yield LeftOut("tool", html.unescape(name[1]) if name else opening["kind"])
    yield from reply(text[at:].strip() if at else text)


def _unquoted(inside: str) -> str:
    """The lines of the quotation."""
    lines = html.unescape(_SUMMARY.sub("", inside)).strip("\n").split("\n")
    return "\n".join(re.sub(r"^> ?", "", line) for line in lines)
