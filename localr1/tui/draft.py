"""What is being written in the chat that is open, kept in the store."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

from localr1.errors import BusyError
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
        self.held = False
        """It was sent, and is kept until the store has the question."""

    def turn_to(self, drafts: Drafts, chat_id: int | None) -> None:
        """Leave what stands in the prompt with its chat, and show the draft of another one.

        What can't be left there, as no chat was open yet or the store refuses it, stays in the prompt.
        """
        written = "" if self._is_saved() else self._prompt.draft
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
        self.held = False
        if self._drafts:
            with self._status.saying_errors():
                self._drafts.drop(self._chat_id)
            self._chat_id, self._saved = chat_id, ""
        self._is_saved()

    def save(self) -> bool:
        """Save what has changed; False while there is no chat that it could belong to."""
        if self._drafts:
            self._keep(self._drafts.save)
        return self._drafts is not None

    def _keep(self, save: Callable[[int | None, str], None]) -> None:
        text = self._prompt.draft
        if not self.held and text != self._saved:
            save(self._chat_id, text)
            self._saved = text

    def _save_in_passing(self) -> None:
        """Save it now or, while another program is writing, at the next pause: no key waits for it."""
        with self._status.saying_errors():
            try:
                if self._drafts:
                    self._keep(self._drafts.save_at_once)
            except BusyError:
                self.change()

    def _is_saved(self) -> bool:
        """Save it; where the store refuses that, say so."""
        with self._status.saying_errors():
            return self.save()
        return False
