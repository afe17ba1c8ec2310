"""The way to the chats: the runtime behind the app, opened when its key is known, closed when it locks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from pathlib import Path
from typing import TypeAlias

from localr1.errors import DamagedError, DatabaseError
from localr1.runtime import Runtime
from localr1.store.key_file import is_encrypted, read_key
from localr1.store.sealed_key import DatabaseKey

OpenRuntime: TypeAlias = Callable[[DatabaseKey | None], AbstractAsyncContextManager[Runtime]]
Mend: TypeAlias = Callable[[DamagedError, DatabaseKey | None], Awaitable[bool]]


class Access:
    """One runtime at a time; a new one after each closing."""

    def __init__(
        self, open_runtime: OpenRuntime, database: Path, mend: Mend, key: DatabaseKey | None = None
    ) -> None:
        """`mend` is asked what to do with a damaged database, and says whether it can be opened then.

        `key` opens the first runtime, where it was given before the app began.
        """
        self._open_runtime = open_runtime
        self._mend = mend
        self._database = database
        self._given = key
        self._resources = AsyncExitStack()
        self._key: asyncio.Future[DatabaseKey | None] | None = None
        self._opening: asyncio.Task[Runtime] | None = None
        self._runtime: Runtime | None = None

    @property
    def encrypted(self) -> bool:
        """The chats open with a passphrase only; where that can't be found out, opening them says why."""
        with suppress(DatabaseError):
            return is_encrypted(self._database)
        return False

    @property
    def locked(self) -> bool:
        """A passphrase is waited for, or nothing is open at all."""
        return self._key is None or not self._key.done()

    @property
    def waiting(self) -> bool:
        """A write to the chats waits for another program."""
        return self._runtime is not None and self._runtime.chats.writer.waiting

    def open(self) -> asyncio.Task[Runtime]:
        """The runtime, which opens at once or with its passphrase."""
        self._key = asyncio.get_running_loop().create_future()
        if self._given or not self.encrypted:
            self._key.set_result(self._given)
            self._given = None
        self._opening = asyncio.create_task(self._enter(self._key))
        return self._opening

    async def unlock(self, passphrase: str) -> None:
        """Open with a passphrase; raises LockedError for a wrong one. It takes a moment."""
        key = await asyncio.to_thread(read_key, self._database, passphrase)
        if self._key and not self._key.done():
            self._key.set_result(key)

    async def close(self) -> None:
        """End the runtime, its engine and all that this remembers; nothing is open afterwards."""
        self._key = self._runtime = None
        if self._opening:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
            self._opening = None
        await self._resources.aclose()

    async def _enter(self, key: asyncio.Future[DatabaseKey | None]) -> Runtime:
        known = await key
        while True:
            try:
                self._runtime = await self._resources.enter_async_context(self._open_runtime(known))
                return self._runtime
            except DamagedError as error:
                if not await self._mend(error, known):
                    raise
