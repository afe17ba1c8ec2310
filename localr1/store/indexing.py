"""Bringing into the index of the search what is not in it yet: the newest first, a little at a time.

That are the messages of an older version's database, and replies that a crash has cut off. Each step stands
for itself, so that whatever ends the program costs nothing.
"""

from __future__ import annotations

from localr1.store.database import Database

STEP = 20
"""Messages in one transaction, which others wait for."""

_LEFT = "select count(*), (select max(id) from message) from message where not settled"
_INDEX = """
    update message set settled = 1 where id in (
        select message.id from message join chat on chat.id = chat_id
        where not settled and deletion is null and message.id <= ?
        order by message.id desc limit ?
    ) returning id"""


class Indexing:
    """Takes the messages that there are when it begins.

    Of a reply that grows elsewhere, its next save says that it does.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        [(self._newest,)] = database.execute("select coalesce(max(id), 0) from message")

    def step(self) -> bool:
        """Index some; False when there is nothing left to do."""
        if not self._database.execute("select 1 from message where not settled limit 1"):
            return False
        with self._database.transaction():
            return bool(self._database.execute(_INDEX, self._newest, STEP))


def indexed_share(database: Database) -> float:
    """How much of all messages the search finds, 0 to 1; the last few, and what is erased, count as found."""
    [(left, newest)] = database.execute(_LEFT)
    return 1 - left / newest if left > STEP else 1.0
