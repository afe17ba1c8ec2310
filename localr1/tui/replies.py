"""What the user does with the replies of the chat that is open: go on with one, or look at another."""

from __future__ import annotations

from functools import partial

from localr1.chat.session import ChatSession
from localr1.chat.task import can_be_doubted, can_go_on
from localr1.errors import LocalR1Error
from localr1.message import Message, Role
from localr1.tui.turns import Turns
from localr1.tui.widgets.assistant_message import Beginning


class Replies:
    """Takes up replies, unless one is running; only its thinking can be ended then."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._chat = turns.chat
        self._conversation = turns.conversation
        self._status = turns.foot.status

    async def answer_now(self) -> None:
        """End the thinking of the reply that runs, or else of the last one if it was cut there."""
        if not self._turns.running.busy:
            self.go_on(answer_now=True)
        elif self._chat.session:
            await self._chat.session.answer_now()

    def go_on(self, *, answer_now: bool = False) -> None:
        """Go on with the last reply where it was cut, or with its answer at once."""
        self._turns.begin_if_free(partial(self._go_on, answer_now=answer_now))

    def think_longer(self) -> None:
        """Give the last question another reply, which doubts the thinking of the first."""
        self._turns.begin_if_free(self._think_longer)

    def step_branch(self, *, forward: bool) -> None:
        """Show the next branch, or the one before, at the last message that has several."""
        for siblings in self._conversation.forks[-1:]:
            if wanted := siblings.next if forward else siblings.previous:
                self.show_branch(wanted)

    def show_branch(self, message_id: int) -> None:
        """Show the branch of this message."""
        self._turns.begin_if_free(partial(self._show_branch, message_id))

    async def _go_on(self, *, answer_now: bool) -> None:
        reply = await self._last()
        if reply is None or not can_go_on(reply):
            self._status.flash("The last reply came to its end" if reply else "There is no reply yet")
            return
        await self._turns.take(
            self._conversation.ask_again,
            lambda session: session.continue_reply(answer_now=answer_now),
            beginning=Beginning.of(reply),
        )

    async def _think_longer(self) -> None:
        reply = await self._last()
        if reply is None or not can_be_doubted(reply):
            self._status.flash("There is no thinking to go on with")
            return
        await self._turns.take(
            self._conversation.ask_again,
            ChatSession.think_longer,
            beginning=Beginning.of_thinking(reply),
        )

    async def _show_branch(self, message_id: int) -> None:
        try:
            await self._chat.show_branch(message_id)
            await self._conversation.show_branch(await self._chat.history(), await self._chat.siblings())
        except LocalR1Error as error:
            await self._conversation.fail(error)

    async def _last(self) -> Message | None:
        """The reply at the end of the branch that is shown, as the store has it."""
        branch: list[Message] = []
        with self._status.saying_errors():
            branch = await self._chat.history()
        return branch[-1] if branch and branch[-1].role is Role.ASSISTANT else None
