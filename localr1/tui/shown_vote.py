"""A vote as it appears while it runs: on the status line, and where its reply will stand."""

from __future__ import annotations

import time
from collections.abc import Callable

from localr1.chat.events import OfSample, VoteProgress
from localr1.chat.tally import Tally
from localr1.tui.frames import Frames
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.status import Status

VOTING = "voting"


class ShownVote:
    """Says who leads as soon as that changes, and how fast the replies come as often as one is drawn."""

    def __init__(
        self, reply: AssistantMessage, status: Status, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._reply = reply
        self._status = status
        self._clock = clock
        self._tally = Tally()
        self._frames = Frames()
        self._began: float | None = None
        """None until the first event, when the prompt is read."""

    def show(self, event: OfSample | VoteProgress) -> None:
        """Show what has happened."""
        self._tally.see(event)
        if self._began is None:
            self._began = self._clock()
            self._status.state = VOTING
        elif isinstance(event, OfSample):
            if not self._frames.due():
                return
            self._frames.begin()
        self._draw(self._clock() - self._began)

    def _draw(self, seconds: float) -> None:
        """How it stands, and the tokens of all replies together; one that is being stopped stands no more."""
        tokens, forms = self._tally.tokens, self._tally.forms()
        self._status.rate = tokens / seconds if seconds > 0 else 0.0
        self._status.reply_tokens = tokens
        self._reply.await_vote(forms[0])
        if self._status.state == VOTING:
            self._status.standing = forms
