"""How long chats are kept that nobody goes on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from localr1.store.chat import Chat
from localr1.store.chats import Chats

_DAY = 86_400.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after its last message until a chat is forgotten; 0 keeps it."""

    days: int = 0
    by_tag: Mapping[str, int] = field(default_factory=dict)
    """What goes before `days` for chats with a tag; of several tags, what keeps it longest."""

    @property
    def endless(self) -> bool:
        """Nothing is ever forgotten."""
        return not (self.days or any(self.by_tag.values()))

    def days_of(self, chat: Chat) -> int:
        """How long this chat is kept."""
        rules = [self.by_tag[tag] for tag in chat.tags if tag in self.by_tag] or [self.days]
        return 0 if 0 in rules else max(rules)


def outlived(chats: Chats, retention: Retention, now: float, keep: int | None = None) -> list[Chat]:
    """The chats whose time is over at `now`; one that is pinned stays, and the one to `keep`."""
    if retention.endless:
        return []
    return [
        chat
        for chat in chats.list()
        if not chat.pinned
        and chat.id != keep
        and (days := retention.days_of(chat))
        and chat.updated_at < now - days * _DAY
    ]
