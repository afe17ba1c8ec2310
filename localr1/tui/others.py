"""What other windows and programs write to the chats, noticed about a second later."""

from __future__ import annotations

import asyncio

from localr1.store.chats import Chats

LOOK_SECONDS = 1.0
"""Between two looks; one takes a fraction of a millisecond."""


class Others:
    """Knows whether somebody else has written since the last look; the first one always says so."""

    def __init__(self) -> None:
        self._version: int | None = None

    async def wrote(self, chats: Chats) -> bool:
        """Look, in a thread: a file that is locked must not hold up the keys."""
        before, self._version = self._version, await asyncio.to_thread(chats.version)
        return self._version != before

    def forget(self) -> None:
        """Say so at the next look, whatever it finds."""
        self._version = None
