"""What the search does not find yet is brought into its index while the user does something else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from localr1.errors import DatabaseError
from localr1.store.search import Search

PAUSE = 0.02
"""Seconds between two steps, in which keys and other windows get their turn."""


async def index(search: Search, busy: Callable[[], bool]) -> None:
    """Index all there is, but not while a reply needs the machine.

    What the store refuses is left for another day.
    """
    with suppress(DatabaseError):
        indexing = await asyncio.to_thread(search.indexing)
        more = True
        while more:
            await asyncio.sleep(PAUSE)
            more = busy() or await asyncio.to_thread(indexing.step)
