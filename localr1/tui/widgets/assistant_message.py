"""A reply: its thinking, its answer, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message as Report
from textual.reactive import Reactive
from textual.timer import Timer
from textual.widgets import Static

from localr1.chat.events import AnswerDelta, AnswerWasThinking, Delta, ThinkingDelta
from localr1.chat.tally import voted_text
from localr1.chat.task import can_go_on
from localr1.message import FinishReason, Message
from localr1.store.branches import Siblings
from localr1.tui.ending import ending
from localr1.tui.frames import Frames
from localr1.tui.widgets.branch_mark import branch_mark
from localr1.tui.widgets.hints import Hints
from localr1.tui.widgets.thinking import Thinking

if TYPE_CHECKING:
    from localr1.tui.widgets.answer import Answer

GO_ON = ("Alt+G", "go on", "screen.go_on")
ANSWER_NOW = ("Alt+A", "answer now", "screen.answer_now")
FRAME = 1 / 20
"""Seconds between two drawings of a growing reply."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a reply already has when it is gone on with."""

    thinking: str
    answer: str
    tokens: int
    message_id: int | None
    """None for a reply of its own."""

    @classmethod
    def of(cls, message: Message) -> Beginning:
        """The same reply goes on."""
        return cls(message.thinking, message.text, _tokens(message), message.id)

    @classmethod
    def of_thinking(cls, message: Message) -> Beginning:
        """Another reply begins with the thinking of this one."""
        return cls(message.thinking, "", _tokens(message), None)


class AssistantMessage(Vertical):
    """One reply, from the store or while it grows."""

    @dataclass
    class Grew(Report):
        """The reply is drawn again: tokens so far, tokens a second, and whether it is thinking."""

        tokens: int
        speed: float
        thinking: bool

    virtual_size = Reactive(Size(0, 0))
    """Set by a layout; as other widgets have it, it would ask for another one."""

    def __init__(
        self,
        message: Message | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        open_thinking: bool = False,
    ) -> None:
        super().__init__()
        self._message = message
        self.message_id = message.id if message else None
        """None until the store is known to hold it."""
        self._clock = clock
        self._frames = Frames()
        self._ending = self._vote = ""
        self.incomplete = False
        """The store holds more than is shown, as the vote broke off that the reply was to come of."""
        self._remarks: list[str] = []
        self._siblings: Siblings | None = None
        self._tokens = self._first_tokens = 0
        self._first_at: float | None = None
        self._timer: Timer | None = None
        self.thinking = Thinking(clock, stays_open=open_thinking)
        self.answer = _answer(message.text if message else "")
        self._footer = Static(classes="footer")

    def compose(self) -> ComposeResult:
        yield self.thinking
        yield self.answer
        yield self._footer

    def on_mount(self) -> None:
        if self._message:
            self._show_end(self._message)
        else:
            self._footer.update(Content("…"))
            self._timer = self.set_interval(FRAME, self._draw)

    async def show(self, delta: Delta) -> None:
        """Take more of the reply; it is drawn with the next frame."""
        match delta:
            case ThinkingDelta(text, tokens):
                self._tokens = tokens
                self.thinking.feed(text, tokens)
            case AnswerDelta(text, tokens=tokens):
                self._tokens = tokens
                self.thinking.pause()
                self.answer.feed(text)
            case AnswerWasThinking():
                self.thinking.feed(self.answer.text, self._tokens)
                await self.answer.settle("")
        if self._first_at is None:
            self._first_at, self._first_tokens = self._clock(), self._tokens
            self._footer.update(Content(""))

    async def go_on(self, beginning: Beginning) -> None:
        """Show a reply that goes on, as far as it came."""
        self.message_id = beginning.message_id
        if beginning.thinking:
            await self.show(ThinkingDelta(beginning.thinking, beginning.tokens))
        if beginning.answer:
            await self.show(AnswerDelta(beginning.answer, tokens=beginning.tokens))

    def await_vote(self, standing: str) -> None:
        """Say how the vote stands that the reply will come of."""
        self._vote = standing
        self._show_footer()

    def say(self, remark: str) -> None:
        """Say something about the reply that is growing, below it."""
        if remark not in self._remarks:
            self._remarks.append(remark)
        self._show_footer()

    def mark(self, siblings: Siblings | None) -> None:
        """Show which of several replies this is."""
        self._siblings = siblings
        self._show_footer()

    async def settle(self, message: Message) -> None:
        """The reply has ended: show what the store holds of it."""
        self.incomplete = False
        self._stop_drawing()
        await self.answer.settle(message.text)
        self._show_end(message)

    async def break_off(self) -> None:
        """The reply died without a word: show as far as it came."""
        self._stop_drawing()
        self.thinking.pause(finished=False)
        await self.answer.settle(self.answer.text)
        self.incomplete = bool(self._vote)
        self._ending, self._vote = "interrupted", ""
        self._show_footer()

    def _stop_drawing(self) -> None:
        if self._timer:
            self._timer.stop()

    async def _draw(self) -> None:
        if self._first_at is None or not self._frames.due(hurried=self.answer.behind):
            return
        self._frames.begin()
        seconds = self._clock() - self._first_at
        rate = (self._tokens - self._first_tokens) / seconds if seconds > 0 else 0.0
        self.post_message(self.Grew(self._tokens, rate, self.thinking.running))
        self.thinking.draw()
        await self.answer.draw()

    def _show_end(self, message: Message) -> None:
        finished = bool(message.text.strip()) or message.finish_reason is FinishReason.STOP
        skipped = not message.thinking.strip() and message.raw.strip() != message.text.strip()
        seconds = message.stats.thinking_seconds if message.stats else 0.0
        self.thinking.settle(message.thinking, seconds, finished=finished, skipped=skipped)
        self._ending, self._vote = ending(message), voted_text(message)
        self._show_footer()
        if can_go_on(message):
            self.mount(Hints(GO_ON) if message.text.strip() else Hints(GO_ON, ANSWER_NOW))

    def _show_footer(self) -> None:
        """How a vote stands or ended; which of several replies this is, how it ended and what it took."""
        mark = branch_mark(self._siblings) if self._siblings else Content()
        words = (mark, *map(Content, (self._ending, *self._remarks)))
        lines = (Content(self._vote), Content(" · ").join(part for part in words if part))
        self._footer.update(Content("\n").join(line for line in lines if line))


def _answer(text: str) -> Answer:
    from localr1.tui.widgets.answer import Answer  # the first frame shows no Markdown, which takes its time

    return Answer(text)


def _tokens(message: Message) -> int:
    return message.stats.generated_tokens if message.stats else 0
