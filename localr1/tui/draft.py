"""What is being written in the chat that is open, kept in the store."""

from __future__ import annotations

from functools import partial

from textual.timer import Timer

from localr1.errors import BusyError, DatabaseError
from localr1.store.drafts import Drafts
from localr1.tui.widgets.prompt import Prompt
from localr1.tui.widgets.status import Status

PAUSE = 1.0
"""Seconds without a change after which a draft is saved."""


class Draft:
    """Belongs to one chat at a time; until the first one is open, it is kept in the prompt alone."""

    def __init__(self, prompt: Prompt, status: Status) -> None:
        self._prompt = prompt
        self._status = status
        self._drafts: Drafts | None = None
        self._chat_id: int | None = None
        self._saved = ""
        self._pause: Timer | None = None
        self._gone: set[int | None] = set()
        """Chats whose drafts have become messages and are still to be dropped."""
        self.held = ""
        """What was sent, until the store has the question."""

    async def turn_to(self, drafts: Drafts, chat_id: int | None) -> None:
        """Leave what stands in the prompt with its chat, and show the draft of another one.

        What can't be left there, as no chat was open yet or the store refuses it, stays in the prompt.
        """
        written = "" if await self._is_left() else self._prompt.draft
        self._drafts, self._chat_id = drafts, chat_id
        self._saved = drafts.get(chat_id)
        self._prompt.show("\n".join(text for text in (self._saved, written) if text))

    def change(self) -> None:
        """Save it at the next pause."""
        if self._pause:
            self._pause.stop()
        self._pause = self._prompt.set_timer(PAUSE, self._save_in_passing)

    def settle(self, chat_id: int | None) -> None:
        """What was sent is a message of this chat now, or stands in the prompt again."""
        if not self.held:
            return
        self.held = ""
        if self._drafts:
            self._gone.add(self._chat_id)
            self._chat_id, self._saved = chat_id, ""
        self._save_in_passing()

    async def leave(self) -> None:
        """Save what has changed, and what was sent in vain; raises DatabaseError with a text that is lost."""
        try:
            await self._keep()
        except DatabaseError as error:
            if self._text != self._saved:
                lost = f"{error.message} What you wrote last is not saved; it follows."
                raise DatabaseError(lost, hint=self._text) from error

    async def _keep(self) -> None:
        if self._drafts:
            await self._drafts.writer.erase(partial(self._save, self._drafts, self._text))

    @property
    def _text(self) -> str:
        """What was sent and is not saved yet, and what is being written."""
        return "\n".join(text for text in (self.held, self._prompt.draft) if text)

    def _save(self, drafts: Drafts, text: str) -> None:
        for chat_id in list(self._gone):
            drafts.drop(chat_id)
            self._gone.remove(chat_id)
        if text != self._saved:
            drafts.save(self._chat_id, text)
            self._saved = text

    def _save_in_passing(self) -> None:
        """Save it now or, while another program is writing, at the next pause: no key waits for it."""
        if self._drafts is None or self._drafts.read_only or self.held:
            return
        with self._status.saying_errors():
            try:
                with self._drafts.without_waiting():
                    self._save(self._drafts, self._text)
            except BusyError:
                self.change()

    async def _is_left(self) -> bool:
        """Leave it; where the store refuses that, say so."""
        with self._status.saying_errors():
            await self._keep()
            return self._drafts is not None
        return False
