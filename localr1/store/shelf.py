"""The order that users keep among their chats: pins, tags, and the pages of a long list."""

from __future__ import annotations

from collections.abc import Iterable

from localr1.store.chat import NEWEST_FIRST, OF_THOSE, SELECT_CHAT, Chat, no_chat, read_chat
from localr1.store.database import Database
from localr1.store.filters import AMONG, NO_FILTER, Filter

LONGEST_TAG = 40
"""Characters."""

_FIRST = f"pinned desc, {NEWEST_FIRST}"


class Shelf:
    """The chats of a database that are not deleted, as users arrange them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, offset: int, limit: int, among: Filter = NO_FILTER) -> list[Chat]:
        """Some of the chats: first those that are pinned, then by their newest message, newest first."""
        rows = self._database.execute(
            f"{SELECT_CHAT} where {OF_THOSE} {AMONG} order by {_FIRST} limit ? offset ?) order by {_FIRST}",
            *among.values,
            *(limit, offset),
        )
        return [read_chat(row) for row in rows]

    def pin(self, chat_id: int, pinned: bool) -> None:
        """Let a chat stand before all others, or where it belongs by its date."""
        with self._database.transaction():
            if not self._database.execute(
                "update chat set pinned = ? where id = ? and deletion is null returning id", pinned, chat_id
            ):
                raise no_chat(chat_id)

    def tag(self, chat_id: int, tags: Iterable[str]) -> None:
        """Give a chat these tags in place of those it has."""
        with self._database.transaction():
            if not self._database.execute("select id from chat where id = ? and deletion is null", chat_id):
                raise no_chat(chat_id)
            self._database.execute("delete from chat_tag where chat_id = ?", chat_id)
            for tag in tags:
                self._database.execute("insert or ignore into chat_tag values (?, ?)", chat_id, tag)

    def tags(self) -> list[str]:
        """Every tag that a chat has, the most used first."""
        rows = self._database.execute(
            "select tag from chat_tag join chat on chat.id = chat_id where deletion is null"
            " group by tag order by count(*) desc, tag"
        )
        return [str(tag) for (tag,) in rows]


def tags_of(text: str) -> tuple[str, ...]:
    """The tags that a user wrote, apart by blanks or commas, with or without a # before each."""
    words = (word.lstrip("#").lower()[:LONGEST_TAG] for word in text.replace(",", " ").split())
    return tuple(sorted({word for word in words if word}))
