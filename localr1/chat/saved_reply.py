"""A reply in the store, while it grows and however it ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from localr1.chat.task import Task
from localr1.errors import BusyError
from localr1.message import Message, Reply
from localr1.store.chats import Chats

SAVE_INTERVAL = 0.5
"""Seconds of a growing reply that a crash may cost."""


class Growing(Protocol):
    """Knows at any moment what the store should hold."""

    def reply(self) -> Reply: ...


class SavedReply:
    """Begins with the first word of the model; until then the store holds what it held."""

    def __init__(
        self,
        chats: Chats,
        task: Task,
        growing: Growing,
        model: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chats = chats
        self._task = task
        self._growing = growing
        self._model = model
        self._clock = clock
        self._saved_at = clock()
        self._message: Message | None = task.cut
        self._begun = False

    def begin(self) -> bool:
        """Make room for the reply, unless another program is writing; False once it has begun."""
        if self._begun:
            return False
        self._begun = True
        with suppress(BusyError), self._chats.without_waiting():
            self._place()
        return True

    def save_now_and_then(self) -> None:
        """Save as much as there is, unless it was done a moment ago or another program is writing."""
        if self._clock() - self._saved_at > SAVE_INTERVAL:
            with suppress(BusyError), self._chats.without_waiting():
                self.save(growing=True)
            self._saved_at = self._clock()

    def save(self, *, growing: bool = False) -> Message | None:
        """Save as much as there is; None for a reply that never began."""
        if not self._begun:
            return None
        return self._chats.save_reply(self._place().id, self._growing.reply(), growing=growing)

    def _place(self) -> Message:
        """Where the reply is kept."""
        question = self._task.question
        self._message = self._message or self._chats.start_reply(question.chat_id, question.id, self._model)
        return self._message
