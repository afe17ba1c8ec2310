"""Full-text search over titles, messages and, when asked for, thinking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from localr1.store.chat import NEWEST_FIRST, SELECT_CHAT, Chat, read_chat
from localr1.store.database import Database
from localr1.store.filters import AMONG, bound_list
from localr1.store.indexing import Indexing, indexed_share
from localr1.store.query import Query
from localr1.store.snippet import Snippet, marked, snippet

FOUND_TITLES = 8
FOUND_MESSAGES = 60
FOUND_IN_A_CHAT = 3
"""Messages of one chat that are shown, so that it leaves room for others."""
RANKED = 400
"""Newest messages that are ranked by how well they fit; more would take too long while somebody types."""
SCANNED = 2_000
"""Newest messages that are looked through for words that are too short for the index."""

_ALL_LIKE = "not exists (select 1 from json_each(?) as short where {} not like short.value escape '\\')"
_TITLE_INDEXED = "chat.id in (select rowid from chat_search where chat_search match ?)"
_TITLE_SHORT = _ALL_LIKE.format("chat.title")
_OF_THOSE = "chat.id in (select chat.id from chat where"
_IN_THOSE = "+message.chat_id in (select chat.id from chat where"
"""The sign keeps SQLite from looking through all messages of these chats for it."""
_TEXT_SHORT = _ALL_LIKE.format("substr(message.text, 1, 200000)")
_TITLE_TIME = """
    exists (
        select 1 from (
            select coalesce(
                (select created_at from message
                 where id = (select max(id) from message where chat_id = chat.id)),
                chat.created_at
            ) as spoken_at
        )
        where spoken_at >= ? and spoken_at < ?
    )"""
_TEXT_TIME = "message.created_at >= ? and message.created_at < ?"
_ONE_OF = "chat.id in (select value from json_each(?))"
_RANKED = """
    with found as (
        select message_search.rowid as id, bm25(message_search) as misfit
        from message_search join message on message.id = message_search.rowid
        where message_search match ?"""
_NEWEST = """
    with found as (
        select message.id, 0 as misfit
        from (select id from message where settled order by id desc limit ?) join message using (id)
        where true"""
_FOUND = """
        order by 1 desc limit ?
    )
    select message.id, chat_id, searched.text, iif(?, searched.thinking, '')
    from found join message using (id) join searched using (id) order by misfit, id desc limit ?"""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: a title, or a message of a chat."""

    chat: Chat
    snippet: Snippet
    message_id: int | None = None
    """None for a title."""


class Search:
    """Finds what is not deleted; whatever a user types, it raises nothing but what the database does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, query: Query, *, titles: int = FOUND_TITLES, messages: int = FOUND_MESSAGES) -> list[Hit]:
        """At most so many titles, then messages, the best first; nothing where no word is given."""
        if not query.words:
            return []
        return [*self._titles(query, titles), *self._messages(query, messages)]

    def indexing(self) -> Indexing:
        """Brings what is missing into the index."""
        return Indexing(self._database)

    def indexed_share(self) -> float:
        """How much of all messages can be found by now, 0 to 1."""
        return indexed_share(self._database)

    def _titles(self, query: Query, limit: int) -> list[Hit]:
        indexed = [_quoted(query.indexed)] if query.indexed else []
        order = NEWEST_FIRST
        titles = f"{_TITLE_INDEXED if indexed else 'true'} and {AMONG} and {_TITLE_SHORT} and {_TITLE_TIME}"
        rows = self._database.execute(
            f"{SELECT_CHAT} where {_OF_THOSE} {titles} order by {order} limit ?) order by {order}",
            *(*indexed, *query.among.values, _patterns(query.short), *query.span.values, limit),
        )
        return [Hit(chat, marked(chat.title, query.words)) for chat in map(read_chat, rows)]

    def _messages(self, query: Query, limit: int) -> list[Hit]:
        begin, first = (_RANKED, _expression(query)) if query.indexed else (_NEWEST, SCANNED)
        rows = self._database.execute(
            f"{begin} and {_IN_THOSE} {AMONG}) and {_TEXT_SHORT} and {_TEXT_TIME} {_FOUND}",
            *(first, *query.among.values, _patterns(query.short), *query.span.values),
            *(RANKED, query.thinking, limit),
        )
        found = [_Found(*row) for row in rows]
        chats = self._chats({each.chat_id for each in found})
        return [
            Hit(chats[chat_id], each.snippet(query.words), each.id)
            for chat_id in dict.fromkeys(each.chat_id for each in found if each.chat_id in chats)
            for each in [each for each in found if each.chat_id == chat_id][:FOUND_IN_A_CHAT]
        ]

    def _chats(self, ids: set[int]) -> dict[int, Chat]:
        rows = self._database.execute(f"{SELECT_CHAT} where {_ONE_OF}", bound_list(tuple(ids)))
        return {chat.id: chat for chat in map(read_chat, rows)}


@dataclass(frozen=True, slots=True)
class _Found:
    """A message as it was found."""

    id: int
    chat_id: int
    text: str
    thinking: str

    def snippet(self, words: Sequence[str]) -> Snippet:
        """From the thinking only where the words stand nowhere else."""
        of_text = snippet(self.text, words)
        return of_text if of_text.marks or not self.thinking else snippet(self.thinking, words)


def _expression(query: Query) -> str:
    """For FTS5: all of these words, in the answers alone or in the thinking as well."""
    words = _quoted(query.indexed)
    return words if query.thinking else f"{{text}} : ({words})"


def _quoted(words: Sequence[str]) -> str:
    """Between quotation marks, nothing means anything but itself to FTS5."""
    doubled = (word.replace('"', '""') for word in words)
    return " ".join(f'"{word}"' for word in doubled)


def _patterns(words: Sequence[str]) -> str:
    """For SQLite's `like`, to which case counts in letters beyond ASCII's."""
    return bound_list(
        tuple(f"%{escaped}%" for escaped in (re.sub(r"([\\%_])", r"\\\1", word) for word in words))
    )
