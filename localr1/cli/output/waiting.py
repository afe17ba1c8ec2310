"""What a reply is being waited for, in one line."""

from __future__ import annotations

import time
from collections.abc import Callable

from localr1.chat.events import AnswerDelta, Event, PromptProgress, ThinkingDelta, VoteProgress
from localr1.chat.tally import Tally
from localr1.units import time_text


class Waiting:
    """Follows the events of a turn and says in words how far it has come."""

    def __init__(self, loading: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        """`loading` is what to say before the first of them."""
        self._loading = loading
        self._clock = clock
        self._started: float | None = None
        self._last: Event | None = None
        self._tally = Tally()

    def see(self, event: Event) -> None:
        """Take note of what has happened."""
        if isinstance(event, ThinkingDelta) and self._started is None:
            self._started = self._clock()
        if isinstance(event, PromptProgress | ThinkingDelta | AnswerDelta | VoteProgress):
            self._last = event
        self._tally.see(event)

    def text(self) -> str:
        """What is going on now."""
        match self._last:
            case PromptProgress(done, total):
                return f"Reading the prompt… {done:,} of {total:,} tokens"
            case ThinkingDelta(tokens=tokens):
                seconds = self._clock() - (self._started or self._clock())
                return f"Thinking… {time_text(seconds)} · {tokens:,} tokens"
            case AnswerDelta(tokens=tokens):
                return f"Answering… {tokens:,} tokens"
            case VoteProgress():
                return self._tally.forms()[0]
            case _:
                return self._loading()
