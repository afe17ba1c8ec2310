"""A part of the store that an event loop writes to."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from localr1.store.database import Database

if TYPE_CHECKING:
    from localr1.store.writer import Writer


class Part:
    """Tells how its database can be written to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def read_only(self) -> bool:
        """It lies where nothing can be written; every change raises DatabaseError."""
        return self._database.read_only

    @property
    def writer(self) -> Writer:
        """Writes beside an event loop."""
        return self._database.writer

    def without_waiting(self) -> AbstractContextManager[None]:
        """Raise BusyError at once in a block where another program's lock is in the way."""
        return self._database.without_waiting()
