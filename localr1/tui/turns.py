"""The turns of the chat that is open, as they appear on its screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from localr1.chat.events import Event
from localr1.chat.session import ChatSession
from localr1.errors import LocalR1Error
from localr1.tui.draft import Draft
from localr1.tui.open_chat import OpenChat
from localr1.tui.turn import ShownTurn
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.foot import Foot


class Turns:
    """Runs one turn at a time; afterwards the conversation is what the store holds."""

    def __init__(
        self,
        chat: OpenChat,
        shown: asyncio.Event,
        draft: Draft,
        conversation: Conversation,
        foot: Foot,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chat = chat
        self._shown = shown
        self._draft = draft
        self._conversation = conversation
        self._foot = foot
        self._clock = clock

    async def send(self, text: str) -> None:
        """Ask a question, in place of one that was never answered."""
        await self._run(text, lambda: self._conversation.ask(text), lambda session: session.send(text))

    async def retry(self) -> None:
        """Answer the last question once more."""
        await self._run("", self._conversation.ask_again, ChatSession.regenerate)

    async def edit(self, message_id: int, text: str) -> None:
        """Ask the last question, which has this id, in other words."""
        await self._run(
            text,
            lambda: self._conversation.ask(text, instead=True),
            lambda session: session.edit(message_id, text),
        )

    async def show_branch(self, message_id: int) -> None:
        """Show another branch of the chat."""
        try:
            await self._chat.show_branch(message_id)
            await self._conversation.show_branch(await self._chat.history(), await self._chat.siblings())
        except LocalR1Error as error:
            await self._conversation.fail(error)

    async def _run(
        self,
        text: str,
        ask: Callable[[], Awaitable[None]],
        begin: Callable[[ChatSession], AsyncGenerator[Event, None]],
    ) -> None:
        """From the question to the end of its reply; `text` comes back to the prompt when nothing came."""
        self._foot.show_running()
        turn = ShownTurn(self._conversation, self._foot.status, self._clock)
        try:
            await self._shown.wait()
            await ask()
            await turn.begin()
            session = await self._chat.begin_session()
            async with aclosing(begin(session)) as events:
                async for event in events:
                    self._draft.settle(self._chat.id)
                    await turn.show(event)
        except LocalR1Error as error:
            await turn.fail(error)
        finally:
            if self._foot.app.is_running:
                await turn.close()
                self._foot.rest("" if turn.answered else text)
                self._draft.settle(self._chat.id)
                await self._settle()

    async def _settle(self) -> None:
        """Bring the conversation in line with the store, which knows what became of the turn."""
        try:
            await self._conversation.settle(await self._chat.history(), await self._chat.siblings())
        except LocalR1Error as error:
            await self._conversation.fail(error)
