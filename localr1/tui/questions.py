"""The questions of the chat that is open: a new one, or one that is asked again, edited or deleted."""

from __future__ import annotations

from functools import partial

from localr1.chat.votes import ONE, Poll
from localr1.tui.screens.confirm import ConfirmScreen
from localr1.tui.turns import Turns
from localr1.tui.widgets.user_message import UserMessage
from localr1.wording import plural


class Questions:
    """Asks, unless a reply is running."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._conversation = turns.conversation
        self._foot = turns.foot

    def send(self, text: str) -> None:
        """Ask what the user has written: a new question, or the last one in other words."""
        if self._turns.still_answering():
            return
        editing = self._foot.prompt.editing
        if editing is None:
            self._foot.prompt.take()
            self._ask(text)
        else:
            self._turns.begin(partial(self._edit, editing, text))

    def retry(self) -> None:
        """Answer the last question once more, or one that could not even be saved."""
        if question := self._last():
            if self._foot.prompt.shows(question.text):
                self._foot.prompt.clear()
            if question.message_id is None:
                self._ask(question.text)
            else:
                self._turns.begin(partial(self._retry, ONE))

    def vote(self, poll: Poll, text: str, written: str) -> None:
        """Let several replies vote on a question; it comes back to the prompt as it was `written` there."""
        if self._turns.still_answering():
            self._foot.prompt.restore(written)
        else:
            self._ask(text, poll, written)

    def vote_again(self, poll: Poll) -> None:
        """Let several replies vote on the last question."""
        if question := self._last():
            if question.message_id is None:
                self._ask(question.text, poll)
            else:
                self._turns.begin(partial(self._retry, poll))

    def edit(self, message_id: int | None = None) -> None:
        """Let the user edit a question, or else the last one.

        One that could not even be saved is simply written again.
        """
        if question := self._last():
            if message_id is not None:
                self._begin_edit(message_id)
            elif question.message_id is None:
                self._foot.prompt.restore(question.text)
            else:
                self._foot.begin_edit(question.message_id, question.text)

    def _begin_edit(self, message_id: int) -> None:
        for message in self._conversation.messages:
            if message.id == message_id:
                self._foot.begin_edit(message_id, message.text)

    async def delete(self, message_id: int) -> None:
        """Delete a question with its replies and all that followed, if the user agrees."""
        if self._turns.still_answering():
            return
        with self._foot.status.saying_errors():
            chats = await self._turns.chat.chats()
            if await self._foot.app.push_screen_wait(_sure(chats.count_below(message_id) - 1)):
                await chats.writer.erase(partial(chats.prune, message_id))
                if chat_id := self._turns.chat.id:
                    await self._turns.chat.forget_state(chat_id)
                await self._turns.settle()

    def _last(self) -> UserMessage | None:
        """The question to take up again; where that is not possible now, say why."""
        if self._turns.still_answering():
            return None
        question = self._conversation.last_question() if self._turns.shown else None
        if question is None:
            self._foot.status.flash("Nothing has been asked yet")
        return question

    def _ask(self, text: str, poll: Poll = ONE, written: str = "") -> None:
        """Ask a question, in place of one that was never answered; the prompt perhaps had it as `written`."""
        self._turns.draft.held = unsaved = written or text
        self._turns.begin(
            lambda: self._turns.take(
                lambda: self._conversation.ask(text),
                lambda session: session.send(text, poll),
                text=unsaved,
            )
        )

    async def _retry(self, poll: Poll) -> None:
        await self._turns.take(self._conversation.ask_again, lambda session: session.regenerate(poll))

    async def _edit(self, message_id: int, text: str) -> None:
        await self._turns.take(
            lambda: self._conversation.ask(text, instead=message_id),
            lambda session: session.edit(message_id, text),
            text=text,
        )


def _sure(following: int) -> ConfirmScreen:
    consequence = f"{plural(following, 'message')} after it, on any branch, will be gone too, for good."
    return ConfirmScreen("Delete this question?", consequence, "delete it")
