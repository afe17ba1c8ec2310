"""Which chats are meant."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from msgspec import json

from localr1.store.driver import Value, storable

AMONG = """
    deletion is null
    and not exists (
        select 1 from json_each(?) as wanted where not exists (
            select 1 from chat_tag
            where chat_id = chat.id and substr(tag, 1, length(wanted.value)) = wanted.value
        )
    )
    and not exists (select 1 from json_each(?) as wanted where instr(lower(chat.model), wanted.value) = 0)"""
"""The condition of a filter on a row of `chat`; deleted chats never meet it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Chats that have all these tags, or longer ones, and in whose models' names all these stand."""

    tags: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[Value, Value]:
        """What `AMONG` has bound."""
        return bound_list(self.tags), bound_list(self.models)


NO_FILTER = Filter()


@dataclass(frozen=True, slots=True)
class Span:
    """A time between two moments, in seconds since the epoch; the second one is no longer in it."""

    since: float = -inf
    until: float = inf

    @property
    def values(self) -> tuple[Value, Value]:
        """What a condition on a moment has bound."""
        return self.since, self.until

    def __contains__(self, moment: float) -> bool:
        return self.since <= moment < self.until


ALWAYS = Span()


def bound_list(values: tuple[str, ...] | tuple[int, ...]) -> str:
    """Values for SQLite's `json_each`."""
    return json.encode([storable(value) for value in values]).decode()
