"""The turns of the chat that is open, one after the other, as they appear on the screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from localr1.chat.events import Event
from localr1.chat.session import ChatSession
from localr1.errors import LocalR1Error
from localr1.open_chat import OpenChat
from localr1.tui.draft import Draft
from localr1.tui.loading import show_model
from localr1.tui.running import RunningTurn
from localr1.tui.turn import ShownTurn
from localr1.tui.widgets.assistant_message import Beginning
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.foot import Foot


class Turns:
    """Takes one turn at a time; afterwards the conversation is what the store holds."""

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
        self.chat = chat
        self.draft = draft
        self.conversation = conversation
        self.foot = foot
        self.running = RunningTurn(chat, foot)
        self._shown = shown
        self._clock = clock

    @property
    def shown(self) -> bool:
        """The chat stands on the screen, and what stands there can be taken up."""
        return self._shown.is_set()

    def still_answering(self) -> bool:
        """One turn after the other: say so while one is running."""
        if self.running.busy:
            self.foot.status.flash("Still answering; Esc stops it")
        return self.running.busy

    def begin_if_free(self, turn: Callable[[], Awaitable[None]]) -> None:
        """Begin a turn about what stands on the screen, unless a reply is running."""
        if self.shown and not self.still_answering():
            self.begin(turn)

    def begin(self, turn: Callable[[], Awaitable[None]]) -> None:
        """Begin a turn; none is running."""
        self.foot.end_edit()
        self.running.begin(turn)

    async def take(
        self,
        ask: Callable[[], Awaitable[None]],
        answer: Callable[[ChatSession], AsyncGenerator[Event, None]],
        *,
        text: str = "",
        beginning: Beginning | None = None,
    ) -> None:
        """From the question, which `ask` shows, to the end of its reply.

        The `text` of a question comes back to the prompt when nothing came. A reply that goes on has a
        `beginning`.
        """
        self.foot.show_running()
        turn = ShownTurn(self.conversation, self.foot.status, self._clock)
        failure: LocalR1Error | None = None
        try:
            await self._shown.wait()
            await ask()
            await turn.begin(beginning)
            await self._answer(turn, answer)
        except LocalR1Error as error:
            failure = error
            await turn.fail(error)
        finally:
            if self.foot.app.is_running:
                await turn.close()
                self.foot.rest("" if turn.answered else text)
                self.draft.settle(self.chat.id)
                await self.settle(failure)

    async def _answer(
        self, turn: ShownTurn, answer: Callable[[ChatSession], AsyncGenerator[Event, None]]
    ) -> None:
        session = await self.chat.begin_session()
        try:
            await self._show(turn, session, answer)
        finally:
            if session.question:
                self.draft.settle(self.chat.id)
        await show_model(session, self.chat, self.foot.status)

    async def _show(
        self,
        turn: ShownTurn,
        session: ChatSession,
        answer: Callable[[ChatSession], AsyncGenerator[Event, None]],
    ) -> None:
        with self.foot.status.while_loading(self.chat.load_share, perhaps=True):
            async with aclosing(answer(session)) as events:
                async for event in events:
                    self.draft.settle(self.chat.id)
                    await turn.show(event)

    async def settle(self, said: LocalR1Error | None = None) -> None:
        """Bring the conversation in line with the store; what keeps it from that is `said` once."""
        try:
            await self.conversation.settle(await self.chat.history(), await self.chat.siblings())
        except LocalR1Error as error:
            if said is None or said.message != error.message:
                await self.conversation.fail(error)
