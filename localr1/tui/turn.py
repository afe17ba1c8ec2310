"""One turn as it appears: in the conversation and on the status line."""

from __future__ import annotations

import time
from collections.abc import Callable

from localr1.chat.events import (
    AnswerDelta,
    AnswerWasThinking,
    Closer,
    Event,
    HistoryTrimmed,
    LoopBroken,
    OfSample,
    PromptProgress,
    ThinkingBudget,
    ThinkingClosed,
    ThinkingDelta,
    ThinkingExtended,
    ThinkingTrimmed,
    TurnDone,
    VoteProgress,
)
from localr1.errors import LocalR1Error
from localr1.tui.eta import Pace
from localr1.tui.shown_vote import ShownVote
from localr1.tui.status_line import Reading
from localr1.tui.widgets.assistant_message import Beginning
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.notice import Note
from localr1.tui.widgets.status import Status
from localr1.wording import plural

READING = "reading"
LONG_SECONDS = 2.0
"""A prompt that is read sooner needs no numbers."""


class ShownTurn:
    """Shows the events of a turn; however it ends, the reply is left at rest."""

    def __init__(
        self, conversation: Conversation, status: Status, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._conversation = conversation
        self._status = status
        self._reply = conversation.reply(clock=clock)
        self._vote = ShownVote(self._reply, status, clock)
        self._clock = clock
        self._reading = Pace.begin(0, clock())
        self._open = False
        """The reply stands in the conversation and has not ended."""
        self.answered = False
        """Something of the reply has come, if only its end."""

    async def begin(self, beginning: Beginning | None = None) -> None:
        """Make room for the reply, or go on with the `beginning` of one."""
        await self._conversation.add(self._reply)
        self._open = True
        if beginning:
            await self._reply.go_on(beginning)

    async def show(self, event: Event) -> None:
        """Show what has happened."""
        match event:
            case HistoryTrimmed(messages):
                await self._note(f"{plural(messages, 'older message')} no longer fit and were left out")
            case ThinkingTrimmed():
                await self._note("the beginning of the thinking no longer fits and was left out")
            case PromptProgress(done, total):
                self._show_reading(done, total)
            case ThinkingDelta() | AnswerDelta() | AnswerWasThinking():
                self.answered = True
                await self._reply.show(event)
            case OfSample() | VoteProgress():
                self.answered = self.answered or isinstance(event, OfSample)
                self._vote.show(event)
            case ThinkingBudget(tokens):
                self._reply.thinking.budget = tokens
            case ThinkingClosed() | ThinkingExtended() | LoopBroken():
                self._reply.say(_steered(event))
            case TurnDone(message):
                self.answered = True
                await self._reply.settle(message)
                if message.stats:
                    self._status.show_stats(message.stats)
                self._open = False

    async def _note(self, remark: str) -> None:
        await self._conversation.put_before(self._reply, Note(remark))

    def _show_reading(self, done: int, total: int) -> None:
        """Say how long the prompt still takes, unless it is read in a moment."""
        now, before = self._clock(), self._reading
        begins = self._status.state != READING or done < before.done
        self._reading = pace = Pace.begin(done, now) if begins else before.reach(done, now)
        self._status.prompt_tokens, self._status.reply_tokens = total, 0
        self._status.state = READING
        left, in_all = pace.seconds_left(total), pace.seconds_in_all(total)
        if left and in_all and in_all >= LONG_SECONDS:
            self._status.reading = Reading(done, total, left)

    async def fail(self, error: LocalR1Error) -> None:
        """Say in the conversation why there is no more."""
        await self.close()
        await self._conversation.fail(error)

    async def close(self) -> None:
        """Leave what came as it stands; a reply that never began goes away."""
        self._status.state = ""
        if self._open:
            self._open = False
            await (self._reply.break_off() if self.answered else self._reply.remove())


def _steered(event: ThinkingClosed | ThinkingExtended | LoopBroken) -> str:
    """What was done to the thinking, or to an answer that repeated itself."""
    match event:
        case ThinkingClosed(by=Closer.BUDGET):
            return "thinking closed at its budget"
        case ThinkingClosed():
            return "thinking closed by you"
        case ThinkingExtended():
            return "thinking kept going"
        case LoopBroken(in_thinking=True):
            return "thinking went in circles and was closed"
        case LoopBroken():
            return ""
