"""What the engine does while the user reads: it evaluates what the next prompt is known to begin with."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from contextvars import Context

from localr1.chat.choices import InstructionsPlace
from localr1.chat.prompt import build_messages
from localr1.chat.task import can_go_on
from localr1.engine.client import Engine
from localr1.engine.requests import ChatMessage, StateFile
from localr1.errors import LocalR1Error
from localr1.library.local_model import LocalModel
from localr1.message import Message
from localr1.saved_states import SavedStates

MEGABYTE = 10**6


class Preparation:
    """Runs after a turn and ends by itself, or with the next request to the engine."""

    def __init__(self, engine: Engine, states: SavedStates | None, *, stays: bool) -> None:
        """Without `states` nothing is kept on the disk; for a user who does not stay nothing is evaluated."""
        self._engine = engine
        self._states = states
        self._stays = stays
        self._task: asyncio.Task[None] | None = None

    def file_of(self, chat_id: int, model: LocalModel, megabytes: int) -> StateFile | None:
        """Where a chat is kept on the disk; None for one that is not."""
        if self._states is None or not megabytes or not (identity := model.identity):
            return None
        path = os.fsencode(self._states.place(chat_id, identity))
        return StateFile(path, identity, megabytes * MEGABYTE)

    def begin(
        self,
        history: Sequence[Message],
        instructions: str,
        place: InstructionsPlace,
        state: StateFile | None,
    ) -> None:
        """Prepare what may follow a reply, the last of its history, unless it is the reply that may go on."""
        if (self._stays or state) and not can_go_on(history[-1]):
            work = self._run(build_messages(history, instructions, place), state)
            self._task = Context().run(asyncio.create_task, work)  # the front end's would hold what it shows

    async def rest(self, seconds: float | None = None) -> None:
        """Wait for its end, but not longer than that."""
        if self._task:
            await asyncio.wait([self._task], timeout=seconds)

    async def end(self) -> None:
        """End it at once; afterwards it writes nothing any more."""
        if self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
            await self._engine.count("")  # requests are answered one after the other

    async def _run(self, messages: tuple[ChatMessage, ...], state: StateFile | None) -> None:
        with suppress(LocalR1Error):  # the next turn finds it again, and says it
            await self._engine.prepare(messages, evaluate=self._stays, state=state)
