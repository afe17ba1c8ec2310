"""What a turn asks of the engine, made shorter until it fits the context."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TypeAlias

from localr1.chat.budget import ROOM_SHARE
from localr1.chat.choices import InstructionsPlace
from localr1.chat.events import HistoryTrimmed, ThinkingTrimmed
from localr1.chat.families import Family
from localr1.chat.prompt import build_messages, shorten
from localr1.chat.steering import Stops
from localr1.chat.trace import without_oldest_thinking
from localr1.engine.client import Engine, Progress
from localr1.engine.reports import Rendered
from localr1.engine.requests import StateFile
from localr1.errors import ContextError
from localr1.message import Message
from localr1.sampling import Sampling, Speculate

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
    sampling: Sampling
    max_tokens: int
    stops: Stops
    speculate: Speculate = "off"
    state: StateFile | None = None
    """Where what is evaluated of the chat is kept on the disk."""
    samples: int = 1
    grammar: str = ""
    answer_begin: str = ""
    """As `protocol.Generate` has them."""

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
            async with aclosing(_generate(engine, asked)) as reports:
                async for report in reports:
                    if isinstance(report, Rendered):
                        for trimmed in _left_out(request, asked):
                            yield trimmed
                    yield report
            return
        except ContextError as error:
            asked = asked.shortened(error)


def _generate(engine: Engine, request: Request) -> AsyncGenerator[Progress, None]:
    return engine.generate(
        build_messages(request.history, request.instructions, request.place),
        prefill=request.family.prefill + request.beginning,
        sampling=request.sampling,
        max_tokens=request.max_tokens,
        pause_at=request.stops.pause_at,
        pause_share=ROOM_SHARE,
        pause_before=request.stops.pause_before,
        state=request.state,
        samples=request.samples,
        grammar=request.grammar,
        answer_begin=request.answer_begin,
        speculate=request.speculate,
    )


def _left_out(wanted: Request, asked: Request) -> list[Trimmed]:
    trimmed: list[Trimmed] = []
    if messages := len(wanted.history) - len(asked.history):
        trimmed.append(HistoryTrimmed(messages))
    if asked.beginning != wanted.beginning:
        trimmed.append(ThinkingTrimmed())
    return trimmed
