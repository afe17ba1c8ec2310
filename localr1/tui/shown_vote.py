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
    """Says who leads as soon as that changes, and how fast all replies come as often as one is drawn."""

    def __init__(
        self, reply: AssistantMessage, status: Status, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._reply = reply
        self._status = status
        self._clock = clock
        self._tally = Tally()
        self._frames = Frames()
        self._began = 0.0

    def show(self, event: OfSample | VoteProgress) -> None:
        """Show what has happened."""
        self._tally.see(event)
        match event:
            case VoteProgress(ended=0):
                self._began = self._clock()
                self._status.state = VOTING
                self._say()
            case VoteProgress():
                self._say()
            case OfSample() if self._frames.due():
                self._frames.begin()
                self._measure()

    def _say(self) -> None:
        forms = self._tally.forms()
        self._reply.await_vote(forms[0])
        if self._status.state == VOTING:
            self._status.standing = forms

    def _measure(self) -> None:
        """The speed of all replies together, and how many tokens they have."""
        seconds = self._clock() - self._began
        self._status.rate = self._tally.tokens / seconds if seconds > 0 else 0.0
        self._status.reply_tokens = self._tally.tokens
        self._say()
