"""What `llm` logs since version 0.36: threads, whose messages are found by their hashes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from localr1.chat_options import ChatOptions
from localr1.conversation import Conversation
from localr1.importing.content import Content, LeftOut, Part, Text, Thought, content, reply
from localr1.importing.found import Found
from localr1.importing.llm_files import Files
from localr1.importing.moments import moment
from localr1.importing.tree import Node, grow
from localr1.message import Role
from localr1.store.foreign import ForeignDatabase

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.ASSISTANT}


class _Piece(msgspec.Struct):
    literal: str | None = None
    fragment: int | None = None


class _Attachment(msgspec.Struct):
    id: str


class _Payload(msgspec.Struct):
    text_ref: list[_Piece] | None = None
    attachment: _Attachment | None = None


@dataclass(frozen=True, slots=True)
class _Turn:
    """One call of a model."""

    parent: str
    tip: str
    model: str
    when: float | None


class Threads:
    """The threads of a log."""

    def __init__(self, database: ForeignDatabase) -> None:
        self._database = database
        self._files = Files(database)
        self._rows = database.ids_by("threads", "id")
        self._turns = database.ids_by("turns", "thread_id")
        self._messages = database.ids_by("messages", "hash")
        self._parts = database.ids_by("parts", "message_hash")

    @property
    def names(self) -> frozenset[str]:
        """By which threads are known; a conversation that became one keeps its name."""
        return frozenset(self._rows)

    def read(self, otherwise: float) -> Iterator[Found]:
        """The threads, the newest first."""
        columns = ("id", "name", "tip_message_hash", "datetime_utc")
        for name in reversed(self._rows):
            for id_, title, tip, when in self._database.rows("threads", columns, self._rows[name]):
                begun = moment(str(when or "")) or otherwise
                yield self._chat(str(id_), str(title or ""), str(tip or ""), begun)

    def _chat(self, name: str, title: str, tip: str, begun: float) -> Found:
        nodes: dict[str, Node] = {}
        systems: list[str] = []
        for turn in [*self._turns_of(name), _Turn("", tip, "", None)]:
            self._walk(turn, nodes, systems)
        tree = grow(list(nodes.values()), tip, begun)
        return Found(
            Conversation(
                title=title,
                created_at=begun,
                messages=tree.entries,
                leaf=tree.leaf,
                options=ChatOptions(instructions="\n\n".join(dict.fromkeys(filter(None, systems)))),
                origin=name,
            ),
            tree.left_out,
        )

    def _turns_of(self, name: str) -> Iterator[_Turn]:
        columns = ("parent_message_hash", "tip_message_hash", "model", "datetime_utc")
        for parent, tip, model, when in self._database.rows("turns", columns, self._turns.get(name, ())):
            yield _Turn(str(parent or ""), str(tip or ""), str(model or ""), moment(str(when or "")))

    def _walk(self, turn: _Turn, nodes: dict[str, Node], systems: list[str]) -> None:
        """Take in the messages from the newest of a turn up to the first that is known."""
        hash_, model = turn.tip, turn.model
        while hash_ and hash_ not in nodes:
            model = "" if hash_ == turn.parent else model
            rows = self._database.rows("messages", ("parent_hash", "role"), self._messages.get(hash_, ()))
            parent, role = next(rows, (None, None))
            if role is None:
                return
            said = self._said(hash_, str(role))
            if role == "system":
                systems.append(said.text)
            node = Node(hash_, str(parent or "") or None, _ROLES.get(str(role)), said, turn.when, model)
            nodes[hash_] = node if node.role else replace(node, content=Content())
            hash_ = str(parent or "")

    def _said(self, hash_: str, role: str) -> Content:
        columns = ("type", "tool_name", "text", "payload")
        rows = self._database.rows("parts", columns, self._parts.get(hash_, ()))
        return content(part for row in rows for part in self._part(role, *(str(each or "") for each in row)))

    def _part(self, role: str, kind: str, tool: str, text: str, payload: str) -> Iterator[Part]:
        more = _payload(payload)
        whole = text or "".join(map(self._piece, more.text_ref or ()))
        match kind:
            case "text" if role == "assistant":
                yield from reply(whole)
            case "text":
                yield Text(whole)
            case "reasoning":
                yield Thought(whole)
            case "attachment":
                yield self._files.attachment(more.attachment.id if more.attachment else "")
            case _:
                yield LeftOut(kind.replace("_call", "").replace("_", " "), tool)

    def _piece(self, piece: _Piece) -> str:
        return self._files.fragment(piece.fragment) if piece.fragment else piece.literal or ""


def _payload(text: str) -> _Payload:
    try:
        return msgspec.json.decode(text or "{}", type=_Payload)
    except (msgspec.MsgspecError, RecursionError):
        return _Payload()
