"""Chats of `llm`: its `logs.db`, which holds threads, and responses of older versions."""

from __future__ import annotations

from collections.abc import Iterator

from localr1.importing.found import Found
from localr1.importing.llm_responses import Responses
from localr1.importing.llm_threads import Threads
from localr1.store.foreign import ForeignDatabase

PROGRAM = "llm"


def recognized(database: ForeignDatabase) -> bool:
    """Whether it is a log of llm."""
    return {"prompt", "response", "conversation_id"} <= database.columns("responses")


def read(database: ForeignDatabase, otherwise: float) -> Iterator[Found]:
    """Threads, then what older versions logged and no thread goes on with, the newest first."""
    threads = Threads(database)
    yield from threads.read(otherwise)
    yield from Responses(database).read(otherwise, threads.names)
