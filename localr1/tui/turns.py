"""The turns of the chat that is open: what the user may ask for, and how it appears on the screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import partial

from localr1.chat.events import Event
from localr1.chat.session import ChatSession
from localr1.errors import LocalR1Error
from localr1.tui.draft import Draft
from localr1.tui.loading import show_model
from localr1.tui.open_chat import OpenChat
from localr1.tui.running import RunningTurn
from localr1.tui.turn import ShownTurn
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.foot import Foot
from localr1.tui.widgets.user_message import UserMessage


class Turns:
    """Takes one turn after the other; afterwards the conversation is what the store holds."""

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
        self.running = RunningTurn(chat, foot)

    def send(self, text: str) -> None:
        """Ask what the user has written: a new question, or the last one in other words."""
        if self._still_answering():
            return
        editing = self._foot.prompt.editing
        if editing is None:
            self._foot.prompt.take()
            self._ask(text)
        else:
            self._begin(partial(self._edit, editing, text))

    def retry(self) -> None:
        """Answer the last question once more, or one that could not even be saved."""
        if question := self._last_question():
            if self._foot.prompt.text.strip() == question.text:
                self._foot.prompt.clear()
            if question.message_id is None:
                self._ask(question.text)
            else:
                self._begin(self._retry)

    def edit(self) -> None:
        """Let the user edit the last question; one that could not even be saved is simply written again."""
        if question := self._last_question():
            if question.message_id is None:
                self._foot.prompt.restore(question.text)
            else:
                self._foot.begin_edit(question.message_id, question.text)

    def step_branch(self, *, forward: bool) -> None:
        """Show the next branch, or the one before, at the last message that has several."""
        for siblings in self._conversation.forks[-1:]:
            if wanted := siblings.next if forward else siblings.previous:
                self.show_branch(wanted)

    def show_branch(self, message_id: int) -> None:
        """Show the branch of this message, once no reply is running."""
        if self._shown.is_set() and not self._still_answering():
            self._begin(partial(self._show_branch, message_id))

    def _still_answering(self) -> bool:
        """One turn after the other: say so while one is running."""
        if self.running.busy:
            self._foot.status.flash("Still answering; Esc stops it")
        return self.running.busy

    def _last_question(self) -> UserMessage | None:
        """The question to take up again; where that is not possible now, say why."""
        if self._still_answering():
            return None
        question = self._conversation.last_question() if self._shown.is_set() else None
        if question is None:
            self._foot.status.flash("Nothing has been asked yet")
        return question

    def _begin(self, turn: Callable[[], Awaitable[None]]) -> None:
        self._foot.end_edit()
        self.running.begin(turn)

    def _ask(self, text: str) -> None:
        """Ask a question, in place of one that was never answered."""
        self._draft.held = True
        self._begin(
            lambda: self._run(text, lambda: self._conversation.ask(text), lambda session: session.send(text))
        )

    async def _retry(self) -> None:
        await self._run("", self._conversation.ask_again, ChatSession.regenerate)

    async def _edit(self, message_id: int, text: str) -> None:
        await self._run(
            text,
            lambda: self._conversation.ask(text, instead=True),
            lambda session: session.edit(message_id, text),
        )

    async def _show_branch(self, message_id: int) -> None:
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
            with self._foot.status.while_loading(self._chat.load_share, perhaps=True):
                async with aclosing(begin(session)) as events:
                    async for event in events:
                        self._draft.settle(self._chat.id)
                        await turn.show(event)
            await show_model(session, self._chat, self._foot.status)
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
