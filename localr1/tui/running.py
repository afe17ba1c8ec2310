"""The turn that runs in the chat that is open: one at a time, and the user can stop it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.worker import Worker

from localr1.open_chat import OpenChat
from localr1.tui.widgets.foot import Foot


class RunningTurn:
    """Begins a turn and knows its end, however it comes."""

    def __init__(self, chat: OpenChat, foot: Foot) -> None:
        self._chat = chat
        self._foot = foot
        self._worker: Worker[None] | None = None
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._stopping = False

    @property
    def busy(self) -> bool:
        """A turn is running."""
        return self._worker is not None and not self._worker.is_finished

    @property
    def stopping(self) -> bool:
        """The user has asked for its end."""
        return self._stopping

    def begin(self, turn: Callable[[], Awaitable[None]]) -> None:
        """Run a turn; there is none."""
        self._at_rest.clear()
        self._stopping = False
        self._worker = self._foot.run_worker(self._run(turn), group="turn")

    async def _run(self, turn: Callable[[], Awaitable[None]]) -> None:
        try:
            await turn()
        finally:
            self._at_rest.set()

    async def stop(self, *, loading: bool) -> None:
        """Ask the reply to end; asked a second time, or while the model is `loading`, give it up."""
        if self._chat.session and (loading or self.busy) and not self._stopping:
            self._foot.status.state = "stopping…"
            await self._chat.session.stop()
        if self._worker and (loading or self._stopping):
            self._worker.cancel()
        self._stopping = True

    async def rest(self) -> None:
        """Wait for the end of the turn, and forget that it was stopped."""
        await self._at_rest.wait()
        self._stopping = False
