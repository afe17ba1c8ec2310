"""A reply: its thinking, its answer, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message as Report
from textual.timer import Timer
from textual.widgets import Static

from localr1.chat.events import AnswerDelta, AnswerWasThinking, Delta, ThinkingDelta
from localr1.message import FinishReason, Message, Stats
from localr1.store.branches import Siblings
from localr1.tui.widgets.answer import Answer
from localr1.tui.widgets.branch_mark import branch_mark
from localr1.tui.widgets.thinking import Thinking
from localr1.tui.wording import plural
from localr1.units import speed_text

FRAME = 1 / 20
"""Seconds between two drawings of a growing reply."""


class AssistantMessage(Vertical):
    """One reply, from the store or while it grows."""

    @dataclass
    class Grew(Report):
        """The reply was drawn again: tokens so far, tokens a second, and whether it is thinking."""

        tokens: int
        speed: float
        thinking: bool

    def __init__(self, message: Message | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._message = message
        self.message_id = message.id if message else None
        """None until the store is known to hold it."""
        self._clock = clock
        self._ending = ""
        self._siblings: Siblings | None = None
        self._tokens = 0
        self._first_at: float | None = None
        self._timer: Timer | None = None
        self.thinking = Thinking(clock)
        self.answer = Answer(message.text if message else "")
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
            self._first_at = self._clock()
            self._footer.update(Content(""))

    def mark(self, siblings: Siblings | None) -> None:
        """Show which of several replies this is."""
        self._siblings = siblings
        self._show_footer()

    async def settle(self, message: Message) -> None:
        """The reply has ended: show what the store holds of it."""
        self._stop_drawing()
        await self.answer.settle(message.text)
        self._show_end(message)

    async def break_off(self) -> None:
        """The reply died without a word: show as far as it came."""
        self._stop_drawing()
        self.thinking.pause(finished=False)
        await self.answer.settle(self.answer.text)
        self._ending = "interrupted"
        self._show_footer()

    def _stop_drawing(self) -> None:
        if self._timer:
            self._timer.stop()

    async def _draw(self) -> None:
        if self._first_at is None:
            return
        self.thinking.draw()
        await self.answer.draw()
        seconds = self._clock() - self._first_at
        rate = (self._tokens - 1) / seconds if seconds > 0 and self._tokens > 1 else 0.0
        self.post_message(self.Grew(self._tokens, rate, self.thinking.running))

    def _show_end(self, message: Message) -> None:
        finished = bool(message.text.strip()) or message.finish_reason is FinishReason.STOP
        skipped = not message.thinking.strip() and message.raw.strip() != message.text.strip()
        seconds = message.stats.thinking_seconds if message.stats else 0.0
        self.thinking.settle(message.thinking, seconds, finished=finished, skipped=skipped)
        self._ending = _ending(message)
        self._show_footer()

    def _show_footer(self) -> None:
        """Which of several replies this is, how it ended and what it took."""
        mark = branch_mark(self._siblings) if self._siblings else Content()
        self._footer.update(Content(" · ").join(part for part in (mark, Content(self._ending)) if part))


def _ending(message: Message) -> str:
    """How a reply ended and what it took, in a few words."""
    words = [_reason(message.finish_reason, answered=bool(message.text.strip()))]
    match message.stats:
        case Stats(generated_tokens=tokens, tokens_per_second=rate) if tokens:
            words += [plural(tokens, "token"), speed_text(rate)]
    return " · ".join(word for word in words if word)


def _reason(reason: FinishReason | None, *, answered: bool) -> str:
    match reason:
        case FinishReason.CANCELLED:
            return "stopped"
        case FinishReason.INTERRUPTED:
            return "interrupted"
        case FinishReason.LENGTH:
            return "cut at the limit" if answered else "cut at the limit while thinking, before any answer"
        case FinishReason.REPETITION:
            return "ended as it repeated itself"
        case _:
            return "" if answered else "no answer"
