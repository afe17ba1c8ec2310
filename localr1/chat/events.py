"""What a turn yields to a front end, in the order in which it happens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from localr1.message import FinishReason, Message


@dataclass(frozen=True, slots=True)
class HistoryTrimmed:
    """The oldest messages did not fit the context and were left out of this request."""

    messages: int


@dataclass(frozen=True, slots=True)
class ThinkingTrimmed:
    """The beginning of the thinking that goes on did not fit the context and was left out of this request."""


@dataclass(frozen=True, slots=True)
class PromptProgress:
    """The prompt is being evaluated; both in tokens, the cached ones counted as done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """More of the thinking."""

    text: str
    tokens: int = 0
    """Tokens of the reply so far."""


@dataclass(frozen=True, slots=True)
class AnswerDelta:
    """More of the answer."""

    text: str
    settled: bool = True
    """False while a late closing tag could still turn this text into thinking."""
    tokens: int = 0
    """Tokens of the reply so far."""


@dataclass(frozen=True, slots=True)
class AnswerWasThinking:
    """A closing tag came without an opening one: every AnswerDelta so far was thinking."""


@dataclass(frozen=True, slots=True)
class ThinkingBudget:
    """The thinking of this reply will be closed after so many tokens of it."""

    tokens: int


class Closer(str, Enum):
    """Who had the thinking closed."""

    BUDGET = "budget"
    """The tokens for it were used up."""
    USER = "user"


@dataclass(frozen=True, slots=True)
class ThinkingClosed:
    """The thinking did not end by itself: a closing sentence follows, then the answer."""

    by: Closer
    tokens: int
    """Of the reply so far."""


@dataclass(frozen=True, slots=True)
class ThinkingExtended:
    """The thinking was about to end too early and goes on."""

    tokens: int
    """Of the reply so far."""


@dataclass(frozen=True, slots=True)
class LoopBroken:
    """The text repeated itself: in the thinking the answer follows now, in the answer the reply ends."""

    in_thinking: bool


@dataclass(frozen=True, slots=True)
class SampleDone:
    """One of several replies ended."""

    finish_reason: FinishReason
    answer: str
    """What it votes for; empty where it has no vote."""


@dataclass(frozen=True, slots=True)
class OfSample:
    """Something happened in one of several replies; those are told apart by their numbers, from 0."""

    sample: int
    event: Event


@dataclass(frozen=True, slots=True)
class VoteProgress:
    """How a vote stands; what the reply that won says follows once that is decided."""

    ended: int
    samples: int
    leader: str = ""
    """The answer with most votes; empty before the first."""
    votes: int = 0
    """For it."""


@dataclass(frozen=True, slots=True)
class TurnDone:
    """The turn ended; the message is what the store holds of it."""

    message: Message


Delta: TypeAlias = ThinkingDelta | AnswerDelta | AnswerWasThinking
Steered: TypeAlias = ThinkingBudget | ThinkingClosed | ThinkingExtended | LoopBroken
Event: TypeAlias = (
    HistoryTrimmed
    | ThinkingTrimmed
    | PromptProgress
    | Delta
    | Steered
    | OfSample
    | SampleDone
    | VoteProgress
    | TurnDone
)
