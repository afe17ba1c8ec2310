"""Events for who can take nothing back: what is passed on as answer stays answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from localr1.chat.events import (
    AnswerDelta,
    AnswerWasThinking,
    Event,
    OfSample,
    SampleDone,
    ThinkingDelta,
    TurnDone,
)


class Settler:
    """Holds text back that may still turn out to be thinking; there is never an AnswerWasThinking."""

    def __init__(self) -> None:
        self._held: list[AnswerDelta] = []
        self._samples: dict[int, Settler] = {}

    def feed(self, event: Event) -> Iterator[Event]:
        """What is settled by this event, in order."""
        match event:
            case AnswerDelta(settled=False):
                self._held.append(event)
                return
            case AnswerWasThinking():
                yield from (ThinkingDelta(held.text, held.tokens) for held in self._take())
                return
            case OfSample(sample, inner):
                settler = self._samples.setdefault(sample, Settler())
                yield from (OfSample(sample, settled) for settled in settler.feed(inner))
                return
            case AnswerDelta() | TurnDone() | SampleDone():
                yield from (replace(held, settled=True) for held in self._take())
        yield event

    def _take(self) -> list[AnswerDelta]:
        held, self._held = self._held, []
        return held
