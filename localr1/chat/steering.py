"""How the thinking of a turn is steered: when it is closed or kept going, and when a loop is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from localr1.chat.events import (
    AnswerDelta,
    AnswerWasThinking,
    Closer,
    Delta,
    LoopBroken,
    Steered,
    ThinkingBudget,
    ThinkingClosed,
    ThinkingDelta,
    ThinkingExtended,
)
from localr1.chat.families import Family
from localr1.chat.loops import LoopDetector
from localr1.chat.thinking import ThinkingState
from localr1.chat.trace import doubt, end_thinking
from localr1.chat.turn import Turn
from localr1.engine.reports import Paused


@dataclass(slots=True)
class Wishes:
    """What the user asks of a turn while it runs."""

    answer_now: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """What holds for a turn from its beginning."""

    budget: int | None = None
    """Tokens that the thinking may take; None for no bound."""
    min_thinking: int = 0
    """Tokens before which it does not end by itself."""
    loop_breaker: bool = True
    opens: bool = False
    """A thinking is opened for the model, so that it is known where the answer begins."""


@dataclass(frozen=True, slots=True)
class Stops:
    """Where the engine pauses next, as its protocol has it."""

    pause_at: int = 0
    pause_before: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """How a paused reply goes on."""

    insert: str = ""
    stops: Stops = Stops()
    event: Steered | None = None
    ends: bool = False
    """It does not go on."""


class Steering:
    """Decides for one turn."""

    def __init__(self, family: Family, turn: Turn, bounds: Bounds, wishes: Wishes) -> None:
        self._family = family
        self._turn = turn
        self._bounds = bounds
        self._wishes = wishes
        self._spent = turn.thinking_tokens
        self._stops = Stops()
        self._detector = LoopDetector()
        self._watches_thinking = True

    def begin(self) -> Step:
        """What the reply begins with, and the first stops."""
        closing = self._closing()
        left = None if self._bounds.budget is None else self._bounds.budget - self._spent
        if closing and self._wishes.answer_now:
            return Step(closing, event=ThinkingClosed(Closer.USER, self._spent))
        if closing and left is not None and left <= 0:
            return Step(closing, event=ThinkingClosed(Closer.BUDGET, self._spent) if self._spent else None)
        if closing:
            early = self._spent < self._bounds.min_thinking and self._family.tags
            self._stops = Stops(left or 0, early.close if early else "")
        opening = (
            self._family.opening if self._bounds.opens and self._turn.state is ThinkingState.NONE else ""
        )
        return Step(opening, stops=self._stops)

    def promise(self, pause_at: int) -> ThinkingBudget | None:
        """The budget, now that the engine has said after how many tokens it will pause."""
        self._stops = replace(self._stops, pause_at=pause_at)
        return ThinkingBudget(self._spent + pause_at) if pause_at else None

    def watch(self, deltas: Sequence[Delta]) -> bool:
        """Look for loops in what has come; whether the reply has to be paused."""
        looped = False
        for delta in deltas if self._bounds.loop_breaker else ():
            looped = self._begins_loop(delta) or looped
        return looped

    def at_pause(self, paused: Paused) -> Step:
        """How the reply goes on."""
        looped, self._detector = self._detector.found, LoopDetector()
        if looped and not self._watches_thinking:
            return Step(event=LoopBroken(in_thinking=False), ends=True)
        if paused.before:
            return self._at_end_of_thinking()
        closing = self._closing()
        if closing and looped:
            return Step(closing, event=LoopBroken(in_thinking=True))
        if closing and self._wishes.answer_now:
            return Step(closing, event=ThinkingClosed(Closer.USER, self._turn.thinking_tokens))
        if closing and 0 < self._stops.pause_at <= paused.tokens:
            return Step(closing, event=ThinkingClosed(Closer.BUDGET, self._turn.thinking_tokens))
        return Step(stops=self._stops) if closing else Step()

    def _at_end_of_thinking(self) -> Step:
        """The model wants to end its thinking."""
        tokens = self._turn.thinking_tokens
        if tokens >= self._bounds.min_thinking or self._wishes.answer_now:
            return Step()
        return Step(doubt(self._turn.raw), self._stops, ThinkingExtended(tokens))

    def _closing(self) -> str:
        """What would end the thinking here; empty when there is none to end."""
        return end_thinking(self._family, self._turn.state, self._turn.raw)

    def _begins_loop(self, delta: Delta) -> bool:
        match delta:
            case AnswerWasThinking():
                self._watches_thinking = True
                return False
            case ThinkingDelta(text) | AnswerDelta(text):
                in_thinking = isinstance(delta, ThinkingDelta)
        if in_thinking is not self._watches_thinking:
            self._watches_thinking, self._detector = in_thinking, LoopDetector()
        return not self._detector.found and self._detector.feed(text)
