"""How a message lies in its row."""

from __future__ import annotations

import msgspec

from localr1.errors import DatabaseError
from localr1.message import FinishReason, Message, Reply, Role, Stats, Vote
from localr1.store.driver import Row

SELECT_MESSAGE = """
    select id, chat_id, parent_id, role, text, created_at, thinking, raw, model, finish_reason, stats
    from message"""

WITH_BRANCH = """
    with recursive branch (member_id, next_id) as (
        select id, parent_id from message where id = (select leaf_id from chat where id = ?)
        union
        select id, parent_id from message join branch on id = next_id
    )"""
"""Ids from a chat's leaf up to its first message; `union` takes none twice, so that it always ends."""


def read_message(row: Row) -> Message:
    """The message of a row of `SELECT_MESSAGE`; raises DatabaseError for one that can't have been saved."""
    try:
        return _message(row)
    except (ValueError, msgspec.MsgspecError) as error:
        raise DatabaseError(
            f"Message {row[0]} is damaged in the database.", hint="Other chats can still be read."
        ) from error


def _message(row: Row) -> Message:
    id_, chat_id, parent_id, role, text, created_at, thinking, raw, model, finish_reason, stats = row
    return Message(
        id=id_,
        chat_id=chat_id,
        parent_id=parent_id,
        role=Role(role),
        text=text,
        created_at=created_at,
        thinking=thinking,
        raw=raw,
        model=model,
        finish_reason=None if finish_reason is None else FinishReason(finish_reason),
        stats=None if stats is None else msgspec.json.decode(stats, type=Stats),
        vote=None if stats is None or '"vote"' not in stats else _read_vote(stats),
    )


def _read_vote(stats: str) -> Vote:
    return msgspec.json.decode(stats, type=_WithVote).vote


class _WithVote(msgspec.Struct):
    """What the column of statistics holds beside them, for a reply that was voted for."""

    vote: Vote


def write_stats(reply: Reply) -> str | None:
    """Statistics for their column: JSON, as they are always read as one and new ones will join them."""
    if reply.stats is None:
        return None
    stats = msgspec.to_builtins(reply.stats)
    return msgspec.json.encode({**stats, "vote": reply.vote} if reply.vote else stats).decode()
