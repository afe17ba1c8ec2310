"""What a turn asks of the engine, made shorter until it fits the context."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TypeAlias

import msgspec

from localr1.chat.choices import InstructionsPlace
from localr1.chat.events import HistoryTrimmed, ThinkingTrimmed
from localr1.chat.families import Family
from localr1.chat.prompt import build_messages, shorten
from localr1.chat.trace import without_oldest_thinking
from localr1.engine.client import Engine, Progress
from localr1.engine.reports import Rendered
from localr1.engine.requests import Generate
from localr1.errors import ContextError
from localr1.message import Message

Trimmed: TypeAlias = HistoryTrimmed | ThinkingTrimmed


@dataclass(frozen=True, slots=True)
class Request:
    """A conversation, and the beginning of the reply to it."""

    history: Sequence[Message]
    instructions: str
    place: InstructionsPlace
    family: Family
    beginning: str
    """Of the reply: what the model goes on from."""
    terms: Generate
    """Everything else that is asked; messages and prefill come from the above."""

    def generate(self) -> Generate:
        """The request as the engine takes it."""
        return msgspec.structs.replace(
            self.terms,
            messages=build_messages(self.history, self.instructions, self.place),
            prefill=self.family.prefill + self.beginning,
        )

    def shortened(self, error: ContextError) -> Request:
        """The same without its oldest exchanges, or else without the oldest thinking of the reply."""
        if rest := shorten(self.history, error.fitting):
            return replace(self, history=rest)
        beginning = without_oldest_thinking(self.beginning, self.family, error.fitting / 2)
        if not beginning:
            raise error
        return replace(self, beginning=beginning)


async def ask_engine(engine: Engine, request: Request) -> AsyncGenerator[Trimmed | Progress, None]:
    """The engine's reports, after what had to be left out; raises ContextError when nothing more can be."""
    asked = request
    while True:
        try:
            async with aclosing(engine.generate(asked.generate())) as reports:
                async for report in reports:
                    if isinstance(report, Rendered):
                        for trimmed in _left_out(request, asked):
                            yield trimmed
                    yield report
            return
        except ContextError as error:
            asked = asked.shortened(error)


def _left_out(wanted: Request, asked: Request) -> list[Trimmed]:
    trimmed: list[Trimmed] = []
    if messages := len(wanted.history) - len(asked.history):
        trimmed.append(HistoryTrimmed(messages))
    if asked.beginning != wanted.beginning:
        trimmed.append(ThinkingTrimmed())
    return trimmed
