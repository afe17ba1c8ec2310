"""What the engine does while the user reads: it evaluates what the next prompt is known to begin with."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from localr1.chat.prompt import build_messages
from localr1.chat.request import Request
from localr1.chat.task import can_go_on
from localr1.engine.client import Engine
from localr1.engine.protocol import ChatMessage
from localr1.errors import LocalR1Error
from localr1.message import Message


class Preparation:
    """Runs after a turn and ends by itself, or with the next request to the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._task: asyncio.Task[None] | None = None

    def begin(self, request: Request, reply: Message) -> None:
        """Prepare what may follow the reply to a request, unless it is the reply itself that may go on."""
        if not can_go_on(reply):
            history = [*request.history, reply]
            messages = build_messages(history, request.instructions, request.place)
            self._task = asyncio.create_task(self._run(messages))

    async def rest(self) -> None:
        """Wait for its end."""
        if self._task:
            await asyncio.wait([self._task])

    async def _run(self, messages: tuple[ChatMessage, ...]) -> None:
        with suppress(LocalR1Error):  # the next turn finds it again, and says it
            await self._engine.prepare(messages)
