"""Chats of LM Studio: a `.conversation.json` each, a list of messages in versions, the replies in steps."""

from __future__ import annotations

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

PROGRAM = "lm-studio"

_ENDINGS = {"userStopped": FinishReason.CANCELLED, "maxPredictedTokensReached": FinishReason.LENGTH}


class _Block(msgspec.Struct, rename="camel"):
    type: str = ""
    text: str | None = None
    name: str | None = None
    file_type: str | None = None
    file_identifier: str | None = None


class _Style(msgspec.Struct):
    type: str = ""


class _Stats(msgspec.Struct, rename="camel"):
    stop_reason: str | None = None


class _Generated(msgspec.Struct, rename="camel"):
    indexed_model_identifier: str | None = None
    identifier: str | None = None
    stats: _Stats | None = None


class _Step(msgspec.Struct, rename="camel"):
    type: str = ""
    content: list[_Block] | None = None
    style: _Style | None = None
    gen_info: _Generated | None = None


class _Sender(msgspec.Struct, rename="camel"):
    sender_name: str | None = None


class _Version(msgspec.Struct, rename="camel"):
    role: str = ""
    content: list[_Block] | None = None
    steps: list[_Step] | None = None
    sender_info: _Sender | None = None


class _Message(msgspec.Struct, rename="camel"):
    versions: list[_Version]
    currently_selected: int = 0


class _Chat(msgspec.Struct, rename="camel"):
    messages: list[_Message]
    name: str | None = None
    created_at: float | None = None
    system_prompt: str | None = None
    pinned: bool | None = None


def read(raw: bytes, otherwise: float) -> Found:
    """The chat of a file; its messages have no times, and so all have that of the chat."""
    chat = read_value(raw, _Chat)
    created_at = moment(chat.created_at, 1000)
    begun = created_at or otherwise
    nodes = list(_nodes(chat))
    tree = grow(nodes, _selected(chat, len(chat.messages)), begun)
    system = [
        _said(each).text for message in chat.messages for each in message.versions if each.role == "system"
    ]
    return Found(
        Conversation(
            title=chat.name or "",
            created_at=begun,
            messages=tree.entries,
            leaf=tree.leaf,
            options=ChatOptions(instructions=(chat.system_prompt or "\n\n".join(system)).strip()),
            pinned=bool(chat.pinned),
            origin=str(int(chat.created_at or 0)) if created_at else "",
        ),
        tree.left_out,
    )


def _nodes(chat: _Chat) -> Iterator[Node]:
    """Every version of a message; what follows stands behind the one that is selected."""
    for index, message in enumerate(chat.messages):
        for number, version in enumerate(message.versions):
            role = {"user": Role.USER, "assistant": Role.ASSISTANT}.get(version.role)
            model, ending = _how(version)
            parent = _selected(chat, index)
            yield Node(f"{index}/{number}", parent, role, _said(version), None, model, ending)


def _selected(chat: _Chat, index: int) -> str | None:
    """The version that is shown before the message of this index."""
    if index == 0:
        return None
    before = chat.messages[index - 1]
    return f"{index - 1}/{max(0, min(before.currently_selected, len(before.versions) - 1))}"


def _how(version: _Version) -> tuple[str, FinishReason]:
    """The model, and why it ended, which the last step says that was generated."""
    generated = [step.gen_info for step in version.steps or () if step.gen_info]
    last = generated[-1] if generated else _Generated()
    name = last.indexed_model_identifier or last.identifier
    sender = version.sender_info.sender_name if version.sender_info else None
    reason = (last.stats or _Stats()).stop_reason or ""
    return name or sender or "", _ENDINGS.get(reason, FinishReason.STOP)


def _said(version: _Version) -> Content:
    if version.steps is None:
        return content(_parts(version.content or [], is_reply=version.role == "assistant"))
    return content(chain.from_iterable(map(_step, version.steps)))


def _step(step: _Step) -> Iterator[Part]:
    thought = step.style is not None and step.style.type == "thinking"
    match step.type:
        case "contentBlock" if thought:
            whole = "".join(block.text or "" for block in step.content or ())
            yield Thought(whole.strip().removeprefix("<think>").removesuffix("</think>").strip("\n"))
        case "contentBlock":
            yield from _parts(step.content or [], is_reply=True)
        case "toolStatus":
            yield LeftOut("tool")


def _parts(blocks: list[_Block], *, is_reply: bool) -> Iterator[Part]:
    """Files, then the text, which comes in pieces."""
    text = "".join(block.text or "" for block in blocks if block.type == "text")
    for block in blocks:
        if block.type == "file":
            yield LeftOut(block.file_type or "file", block.name or block.file_identifier or "")
        elif block.type != "text":
            yield LeftOut("tool", block.name or block.type)
    yield from reply(text) if is_reply else [Text(text)]
