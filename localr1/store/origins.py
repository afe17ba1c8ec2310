"""What a chat is known by wherever it is taken, and which ids its messages get where it is brought."""

from __future__ import annotations

import secrets

from localr1.store.database import Database

_END_OF_TIME = 2**35
"""In seconds since the epoch: the year 3058."""
_A_SECOND = 2**17
"""Ids for what was said in one; so all of them are whole numbers in programs that know only floats, too."""


def new_origin() -> str:
    """Of a chat that begins here: a number that no other has."""
    return f"localr1:{secrets.token_hex(16)}"


def chat_of(database: Database, origin: str) -> int | None:
    """The chat that came from there, or began with it here; None where there is none."""
    rows = database.execute(
        "select id from chat where origin = ? and origin <> '' and deletion is null order by id limit 1",
        origin,
    )
    return int(rows[0][0]) if rows else None


def take_ids(database: Database, count: int, moment: float) -> range:
    """Free ids for the messages of a chat from elsewhere, the last of which was said at this moment.

    They lie below zero, by that moment: ids are the order of what was said, and what comes from elsewhere
    stands behind what was said here, by its time. Where a second is full, they lie below all others.
    """
    begin = (int(moment) - _END_OF_TIME) * _A_SECOND
    end = begin + _A_SECOND
    [(lowest,)] = database.execute(
        "select coalesce(min(id), ?) from message where id >= ? and id < ?", end, begin, end
    )
    if lowest - count < begin:
        [(lowest,)] = database.execute("select min(coalesce(min(id), 0), ?) from message", begin)
    return range(lowest - count, lowest)
