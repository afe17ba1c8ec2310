"""What the user asks in the chat that is open: a new question, or the last one once more."""

from __future__ import annotations

from functools import partial

from localr1.chat.session import ChatSession
from localr1.tui.turns import Turns
from localr1.tui.widgets.user_message import UserMessage


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
                self._turns.begin(self._retry)

    def edit(self) -> None:
        """Let the user edit the last question; one that could not even be saved is simply written again."""
        if question := self._last():
            if question.message_id is None:
                self._foot.prompt.restore(question.text)
            else:
                self._foot.begin_edit(question.message_id, question.text)

    def _last(self) -> UserMessage | None:
        """The question to take up again; where that is not possible now, say why."""
        if self._turns.still_answering():
            return None
        question = self._conversation.last_question() if self._turns.shown else None
        if question is None:
            self._foot.status.flash("Nothing has been asked yet")
        return question

    def _ask(self, text: str) -> None:
        """Ask a question, in place of one that was never answered."""
        self._turns.draft.held = True
        self._turns.begin(
            lambda: self._turns.take(
                lambda: self._conversation.ask(text), lambda session: session.send(text), text=text
            )
        )

    async def _retry(self) -> None:
        await self._turns.take(self._conversation.ask_again, ChatSession.regenerate)

    async def _edit(self, message_id: int, text: str) -> None:
        await self._turns.take(
            lambda: self._conversation.ask(text, instead=True),
            lambda session: session.edit(message_id, text),
            text=text,
        )
