"""How a chat stands in the store, for whoever shows it while others may write to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from localr1.message import FinishReason, Message
from localr1.store.branches import Siblings, siblings
from localr1.store.database import Database
from localr1.store.messages import SELECT_MESSAGE, WITH_BRANCH, read_message

_GROWING = """
    select 1 from chat join message on message.id = leaf_id
    where chat.id = ? and not settled and finish_reason = ?"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A chat at one moment."""

    title: str
    branch: Sequence[Message]
    """What is shown of it, without a reply that is being written."""
    siblings: Sequence[Siblings]
    growing: bool
    """A reply is being written at its end, or was when a program died."""


def standing(database: Database, chat_id: int) -> Standing | None:
    """How a chat stands; None when it is deleted."""
    titles = database.execute("select title from chat where id = ? and deletion is null", chat_id)
    if not titles:
        return None
    rows = database.execute(
        f"{WITH_BRANCH} {SELECT_MESSAGE} join branch on id = member_id order by id", chat_id
    )
    growing = bool(database.execute(_GROWING, chat_id, FinishReason.INTERRUPTED.value))
    branch = [read_message(row) for row in rows]
    return Standing(titles[0][0], branch[:-1] if growing else branch, siblings(database, chat_id), growing)
