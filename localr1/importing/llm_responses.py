"""What `llm` logged up to version 0.35: a row for each response, which has its prompt beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from localr1.chat_options import ChatOptions
from localr1.conversation import Conversation
from localr1.importing.content import Content, LeftOut, Part, Text, Thought, content, reply
from localr1.importing.found import Found
from localr1.importing.llm_files import Files
from localr1.importing.moments import moment
from localr1.importing.tree import Node, grow
from localr1.message import Role
from localr1.store.foreign import ForeignDatabase

_COLUMNS = ("id", "model", "prompt", "system", "response", "reasoning", "datetime_utc")


@dataclass(frozen=True, slots=True)
class _Response:
    id: str
    model: str
    prompt: str
    system: str
    response: str
    reasoning: str
    datetime_utc: str


class Responses:
    """The responses of a log, with what was sent along."""

    def __init__(self, database: ForeignDatabase) -> None:
        self._database = database
        self._files = Files(database)
        self._names = database.ids_by("conversations", "id")
        self._fragments = database.ids_by("prompt_fragments", "response_id")
        self._attachments = database.ids_by("prompt_attachments", "response_id")
        self._calls = database.ids_by("tool_calls", "response_id")

    def read(self, otherwise: float, known: frozenset[str]) -> Iterator[Found]:
        """The conversations but those that are `known`, the newest first."""
        conversations = self._database.ids_by("responses", "conversation_id")
        for name in reversed(conversations):
            if name not in known:
                rows = self._database.rows("responses", _COLUMNS, conversations[name])
                responses = [
                    _Response(*("" if value is None else str(value) for value in row)) for row in rows
                ]
                ordered = sorted(responses, key=lambda each: each.datetime_utc)
                for chat in [ordered] if name else [[each] for each in ordered]:
                    yield self._chat(name, chat, otherwise)

    def _chat(self, name: str, responses: list[_Response], otherwise: float) -> Found:
        begun = moment(responses[0].datetime_utc) or otherwise
        tree = grow(list(self._nodes(responses)), None, begun)
        systems = dict.fromkeys(each.system for each in responses if each.system)
        return Found(
            Conversation(
                title=self._title(name),
                created_at=begun,
                messages=tree.entries,
                leaf=tree.leaf,
                options=ChatOptions(instructions="\n\n".join(systems)),
                origin=name or responses[0].id,
            ),
            tree.left_out,
        )

    def _title(self, name: str) -> str:
        rows = list(self._database.rows("conversations", ("name",), self._names.get(name, ())))
        return str(rows[0][0] or "") if name and rows else ""

    def _nodes(self, responses: list[_Response]) -> Iterator[Node]:
        before: str | None = None
        for each in responses:
            when = moment(each.datetime_utc)
            yield Node(f"{each.id}?", before, Role.USER, self._asked(each), when)
            before = each.id
            yield Node(before, f"{each.id}?", Role.ASSISTANT, self._replied(each), when, each.model)

    def _asked(self, each: _Response) -> Content:
        fragments = self._rows("prompt_fragments", "fragment_id", self._fragments, each)
        attachments = self._rows("prompt_attachments", "attachment_id", self._attachments, each)
        files = [self._files.attachment(str(id_)) for id_ in attachments]
        texts = [Text(self._files.fragment(id_)) for id_ in fragments if isinstance(id_, int)]
        return content([*files, *texts, Text(each.prompt)])

    def _replied(self, each: _Response) -> Content:
        calls = [LeftOut("tool", str(name)) for name in self._rows("tool_calls", "name", self._calls, each)]
        parts: list[Part] = [Thought(each.reasoning), *reply(each.response), *calls]
        return content(parts)

    def _rows(self, table: str, column: str, ids: dict[str, list[int]], each: _Response) -> list[object]:
        return [value for (value,) in self._database.rows(table, (column,), ids.get(each.id, ()))]
