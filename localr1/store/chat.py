"""How a chat lies in its row."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.errors import UsageError
from localr1.store.driver import Row

SELECT_CHAT = """
    select chat.id, chat.title, chat.model, chat.created_at, coalesce(newest.created_at, chat.created_at),
           (select count(*) from message where chat_id = chat.id), chat.pinned,
           (select group_concat(tag, ' ' order by tag) from chat_tag where chat_id = chat.id)
    from chat left join message as newest
      on newest.id = (select max(id) from message where chat_id = chat.id)"""

NEWEST_FIRST = "(select max(id) from message where chat_id = chat.id) desc nulls first, chat.id desc"
"""The order of chats, which to put a few of them in needs nothing else of them."""

OF_THOSE = "chat.id in (select chat.id from chat where"
"""Which chats, found in a query of its own, as that needs little of them; a parenthesis closes it."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat, without its messages."""

    id: int
    title: str
    model: str
    created_at: float
    """Seconds since the epoch, UTC."""
    updated_at: float
    """When its newest message was made, or the chat itself."""
    messages: int
    """How many messages there are on all its branches."""
    pinned: bool = False
    tags: tuple[str, ...] = ()
    """In alphabetical order; none has a blank in it."""


def read_chat(row: Row) -> Chat:
    """The chat of a row of `SELECT_CHAT`."""
    id_, title, model, created_at, updated_at, messages, pinned, tags = row
    return Chat(
        id_, title, model, created_at, updated_at, messages, bool(pinned), tuple((tags or "").split())
    )


def no_chat(chat_id: int) -> UsageError:
    """The error for an id that is no chat's, or no longer."""
    return UsageError(f"There is no chat {chat_id}.", hint="`localr1 chats list` shows those there are.")
