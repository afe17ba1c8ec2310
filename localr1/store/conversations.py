"""Whole chats, taken out of the store and brought into it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from localr1.conversation import Conversation, Entry
from localr1.message import FinishReason, Message, Reply
from localr1.store.chat import no_chat
from localr1.store.database import Database
from localr1.store.driver import storable
from localr1.store.messages import SELECT_MESSAGE, read_message, write_stats
from localr1.store.options import read_options, write_options
from localr1.store.origins import chat_of, take_ids

_SELECT = """
    select title, created_at, model, options, pinned, origin, leaf_id,
           (select group_concat(tag, ' ' order by tag) from chat_tag where chat_id = chat.id)
    from chat where id = ? and deletion is null"""
_INSERT = """
    insert into message
    (id, chat_id, parent_id, role, text, created_at, thinking, raw, model, finish_reason, stats)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id"""

_Place: TypeAlias = tuple[int | None, str, str, str]
"""Whose child a message is, who speaks, and what is said."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What bringing in a conversation changes."""

    is_new: bool
    """Whether the chat was not there."""
    messages: int
    """How many of its messages were not."""


class Conversations:
    """The chats of a database that are not deleted, as values."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, chat_id: int) -> Conversation:
        """The chat with this id; raises UsageError where there is none."""
        match self._database.execute(_SELECT, chat_id):
            case [(title, created_at, model, options, pinned, origin, leaf_id, tags)]:
                messages = self._messages(chat_id)
            case _:
                raise no_chat(chat_id)
        numbers = {message.id: number for number, message in enumerate(messages, 1)}
        return Conversation(
            title=title,
            created_at=created_at,
            messages=tuple(_entry(message, numbers) for message in messages),
            leaf=numbers.get(leaf_id),
            model=model,
            options=read_options(chat_id, options),
            pinned=bool(pinned),
            tags=tuple((tags or "").split()),
            origin=origin,
        )

    def compare(self, conversation: Conversation) -> Addition:
        """What `add` would change."""
        chat_id = chat_of(self._database, conversation.origin)
        if chat_id is None:
            return Addition(True, len(conversation.messages))
        known = _match(conversation.messages, self._messages(chat_id))
        return Addition(False, len(conversation.messages) - len(known))

    def add(self, conversation: Conversation) -> Addition:
        """Save a chat, or what is new of it; what there is of it stays, with all that was said since."""
        with self._database.transaction():
            chat_id = chat_of(self._database, conversation.origin)
            if chat_id is None:
                self._create(conversation)
                return Addition(True, len(conversation.messages))
            known = _match(conversation.messages, self._messages(chat_id))
            new = [entry for entry in conversation.messages if entry.id not in known]
            if new:
                self._insert(chat_id, new, known, [None] * len(new))
                self._show(chat_id, known.get(conversation.leaf or 0))
            return Addition(False, len(new))

    def _messages(self, chat_id: int) -> list[Message]:
        rows = self._database.execute(f"{SELECT_MESSAGE} where chat_id = ? order by id", chat_id)
        return [read_message(row) for row in rows]

    def _create(self, chat: Conversation) -> None:
        [(chat_id,)] = self._database.execute(
            "insert into chat (title, created_at, model, options, pinned, origin)"
            " values (?, ?, ?, ?, ?, ?) returning id",
            *(chat.title, chat.created_at, chat.model, write_options(chat.options), chat.pinned, chat.origin),
        )
        for tag in chat.tags:
            self._database.execute("insert or ignore into chat_tag values (?, ?)", chat_id, tag)
        ids: dict[int, int] = {}
        newest = chat.messages[-1].created_at if chat.messages else chat.created_at
        free = take_ids(self._database, len(chat.messages), newest)
        self._insert(chat_id, chat.messages, ids, free)
        self._show(chat_id, ids.get(chat.leaf or 0))

    def _insert(
        self, chat_id: int, entries: Sequence[Entry], ids: dict[int, int], free: Sequence[int | None]
    ) -> None:
        """Save messages under free ids, or under the next one where None is; `ids` holds them afterwards."""
        for entry, id_ in zip(entries, free, strict=True):
            reason = entry.finish_reason.value if entry.finish_reason else None
            parent_id = None if entry.parent is None else ids[entry.parent]
            [(ids[entry.id],)] = self._database.execute(
                _INSERT,
                *(id_, chat_id, parent_id, entry.role.value, entry.text, entry.created_at, entry.thinking),
                *(entry.raw, entry.model, reason, write_stats(_reply(entry))),
            )

    def _show(self, chat_id: int, leaf_id: int | None) -> None:
        self._database.execute(
            "update chat set leaf_id = coalesce(?, leaf_id) where id = ?", leaf_id, chat_id
        )


def _entry(message: Message, numbers: Mapping[int, int]) -> Entry:
    return Entry(
        id=numbers[message.id],
        parent=None if message.parent_id is None else numbers[message.parent_id],
        role=message.role,
        text=message.text,
        created_at=message.created_at,
        thinking=message.thinking,
        raw=message.raw,
        model=message.model,
        finish_reason=message.finish_reason,
        stats=message.stats,
        vote=message.vote,
    )


def _reply(entry: Entry) -> Reply:
    """As a turn would have saved it."""
    reason = entry.finish_reason or FinishReason.STOP
    return Reply(entry.text, entry.thinking, entry.raw, reason, entry.stats, entry.vote)


def _match(entries: Sequence[Entry], messages: Sequence[Message]) -> dict[int, int]:
    """The ids of the entries that are among these messages: the same is said at the same place.

    Where one thing is said twice beside each other, the first is the first.
    """
    places: dict[_Place, deque[int]] = {}
    for message in messages:
        place = message.parent_id, message.role.value, message.text, message.thinking
        places.setdefault(place, deque()).append(message.id)
    known: dict[int, int] = {}
    for entry in entries:
        if entry.parent is None or entry.parent in known:
            parent_id = None if entry.parent is None else known[entry.parent]
            said = str(storable(entry.text)), str(storable(entry.thinking))
            if found := places.get((parent_id, entry.role.value, *said)):
                known[entry.id] = found.popleft()
    return known
