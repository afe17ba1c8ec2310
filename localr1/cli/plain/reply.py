"""A turn as lines of text: thinking as one line, the answer as it comes."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from localr1.chat.events import (
    AnswerDelta,
    AnswerWasThinking,
    Closer,
    Event,
    HistoryTrimmed,
    LoopBroken,
    PromptProgress,
    ThinkingClosed,
    ThinkingDelta,
    ThinkingTrimmed,
    TurnDone,
    VoteProgress,
)
from localr1.chat.tally import Tally, voted_text
from localr1.cli.transcript import ENDINGS
from localr1.message import FinishReason, Message
from localr1.safe_text import safe_text
from localr1.units import time_text

SPEAKER = "localr1: "
LONG_PROMPT = 512
"""Tokens to be read that take a slow machine so long that it should be said."""


class Reply:
    """Writes events as they come; nothing that is written moves or changes afterwards."""

    def __init__(self, output: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._output = output or sys.stdout
        self._clock = clock
        self._held = ""
        """Answer that may still turn out to be thinking."""
        self._answer = ""
        """The last piece of the answer that was written."""
        self._thinking_since: float | None = None
        self._thinking_tokens = 0
        self._remark = ""
        """About the thinking, to be written at its end."""
        self._quarters = -1
        """Of a long prompt, how many were said to be read."""
        self._tally: Tally | None = None
        """None where there is no vote."""

    def show(self, event: Event) -> None:
        """Write what there is to say about an event."""
        match event:
            case HistoryTrimmed(messages):
                self._write(f"(The {messages:,} oldest messages no longer fit and are left out.)\n")
            case ThinkingTrimmed():
                self._write("(The beginning of the thinking no longer fits and is left out.)\n")
            case ThinkingClosed(by=Closer.BUDGET):
                self._remark = "(The tokens for thinking were used up.)\n"
            case LoopBroken(in_thinking=True):
                self._remark = "(The thinking went round in circles and was closed.)\n"
            case PromptProgress(done, total):
                self._show_progress(done, total)
            case VoteProgress():
                self._show_vote(event)
            case ThinkingDelta() if self._tally:
                pass  # of the reply that won, which has come to its end
            case ThinkingDelta(tokens=tokens):
                self._think(tokens)
            case AnswerDelta(text, settled):
                self._held += text
                if settled:
                    self._show_answer()
            case AnswerWasThinking():
                self._held = ""
                self._think(self._thinking_tokens)
            case TurnDone(message):
                self._show_answer()
                self.close()
                self._write(_ending(message))

    def close(self) -> None:
        """End the line that was begun."""
        self._end_thinking()
        if self._answer and not self._answer.endswith("\n"):
            self._write("\n")
        self._answer = ""

    def _show_progress(self, done: int, total: int) -> None:
        if self._quarters < 0 and total - done < LONG_PROMPT:
            return
        quarters = done * 4 // total
        if self._quarters < 0:
            self._write(f"Reading {total - done:,} tokens…\n")
        elif quarters in range(max(1, self._quarters + 1), 4):
            self._write(f"{quarters * 25} % read.\n")
        self._quarters = quarters

    def _show_vote(self, progress: VoteProgress) -> None:
        self._tally = self._tally or Tally()
        self._tally.see(progress)
        said = self._tally.forms()[0] if progress.ended else f"Waiting for {progress.samples} replies"
        self._write(f"{said}.\n")

    def _think(self, tokens: int) -> None:
        if self._thinking_since is None:
            self._thinking_since = self._clock()
            self._write("Thinking… ")
        self._thinking_tokens = tokens

    def _end_thinking(self) -> None:
        if self._thinking_since is not None:
            seconds = max(1.0, self._clock() - self._thinking_since)
            self._write(
                f"Thought for {time_text(seconds)}, {self._thinking_tokens:,} tokens.\n{self._remark}"
            )
            self._thinking_since, self._remark = None, ""

    def _show_answer(self) -> None:
        if self._held:
            self._end_thinking()
            self._write(self._held if self._answer else f"{SPEAKER}{self._held}")
            self._answer, self._held = self._held, ""

    def _write(self, text: str) -> None:
        self._output.write(safe_text(text))
        self._output.flush()


def _ending(message: Message) -> str:
    """How a vote ended, and a reply where that is not plain to see."""
    return "".join(f"({words})\n" for words in (voted_text(message), _reason(message)) if words)


def _reason(message: Message) -> str:
    if message.finish_reason is FinishReason.LENGTH and not message.text.strip():
        return "cut at its limit of tokens while thinking, before any answer"
    if message.finish_reason in ENDINGS:
        return ENDINGS[message.finish_reason]
    return "" if message.text.strip() else "no answer"
