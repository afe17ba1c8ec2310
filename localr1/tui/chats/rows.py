"""The rows of the list of chats, and where they come from."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from localr1.store.chat import Chat
from localr1.store.chats import Chats
from localr1.store.query import Query, read_query
from localr1.store.snippet import Snippet, marked
from localr1.tui.chats.days import group, short_date

Key: TypeAlias = tuple[int, int | None]
"""The ids of a chat, and of a message that was found in it."""
PAGE = 100
"""Chats that are listed at once; more come as the list is scrolled."""


@dataclass(frozen=True, slots=True)
class Row:
    """A chat, or a message that was found in it."""

    chat: Chat
    section: str
    """The heading it stands under."""
    title: Snippet
    date: str
    message_id: int | None = None
    excerpt: Snippet | None = None
    """What was found; None for the chat as such."""

    @property
    def key(self) -> Key:
        return self.chat.id, self.message_id


class Rows:
    """What the list shows for what is written above it; the store is asked in a thread."""

    def __init__(self, chats: Chats, clock: Callable[[], float] = time.time) -> None:
        self._chats = chats
        self._clock = clock

    async def all(self, written: str, at_least: int) -> Sequence[Row]:
        """The first rows: all that were found, or so many chats."""
        query = read_query(written)
        if query.words:
            return await asyncio.to_thread(self._found, query)
        return await asyncio.to_thread(self._page, query, 0, max(PAGE, at_least))

    async def more(self, written: str, offset: int) -> Sequence[Row]:
        """The rows that follow; none after those that were found."""
        query = read_query(written)
        return () if query.words else await asyncio.to_thread(self._page, query, offset, PAGE)

    async def indexed_share(self) -> float:
        """How much of all messages can be found by now, 0 to 1."""
        return await asyncio.to_thread(self._chats.search.indexed_share)

    def _page(self, query: Query, offset: int, limit: int) -> list[Row]:
        now = self._clock()
        return [
            Row(chat, group(chat, now), marked(chat.title, ()), short_date(chat.updated_at, now))
            for chat in self._chats.shelf.page(offset, limit, query.among)
        ]

    def _found(self, query: Query) -> list[Row]:
        now = self._clock()
        return [
            Row(hit.chat, "Titles", hit.snippet, short_date(hit.chat.updated_at, now))
            if hit.message_id is None
            else Row(
                hit.chat,
                "Messages",
                marked(hit.chat.title, ()),
                short_date(hit.chat.updated_at, now),
                hit.message_id,
                hit.snippet,
            )
            for hit in self._chats.search.find(query)
        ]
