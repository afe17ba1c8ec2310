"""What the user has asked before, in whatever chat."""

from __future__ import annotations

from itertools import groupby

from localr1.message import Role
from localr1.store.database import Database

RECALLED_PROMPTS = 200
LONGEST_RECALLED = 256 * 1024
"""Bytes; what came out of a file is longer, and nobody writes it again by hand."""


class Prompts:
    """The prompts of every chat of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, limit: int = RECALLED_PROMPTS) -> list[str]:
        """The last prompts, newest first; one that was asked several times in a row comes once."""
        rows = self._database.execute(
            "select text from message where role = ? and octet_length(text) <= ?"
            " and chat_id not in (select id from chat where deletion is not null) order by id desc limit ?",
            Role.USER.value,
            LONGEST_RECALLED,
            limit,
        )
        return [text for text, _ in groupby(text for (text,) in rows)]
