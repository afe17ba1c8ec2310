"""A message of a chat, and what is known about the reply that made it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

SAMPLES = range(2, 65)
"""How many replies to one question can be voted on."""


class Role(str, Enum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class FinishReason(str, Enum):
    """Why a reply ended."""

    STOP = "stop"
    """The model ended it."""
    LENGTH = "length"
    """It reached max_tokens or the end of the context."""
    CANCELLED = "cancelled"
    """The user stopped it."""
    REPETITION = "repetition"
    """It had begun to say the same over and over."""
    INTERRUPTED = "interrupted"
    """The engine or the app died; also every reply that is still growing."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What a turn cost: tokens, and seconds of wall clock."""

    prompt_tokens: int
    """Tokens of the whole request, history and template included."""
    evaluated_tokens: int
    """Those of them that were evaluated in this turn; the others were in the cache."""
    generated_tokens: int
    prompt_seconds: float
    generation_seconds: float
    thinking_tokens: int = 0
    thinking_seconds: float = 0.0
    drafted_tokens: int = 0
    """Tokens that were guessed and computed ahead."""
    accepted_tokens: int = 0
    """Those of them that came true; they count as generated."""

    @property
    def tokens_per_second(self) -> float:
        """Speed of generation; 0 before the first token."""
        return self.generated_tokens / self.generation_seconds if self.generation_seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Votes:
    """An answer, and how many samples gave it."""

    answer: str
    """As the first of them wrote it: a boxed value, a number, a choice, code or all of the text."""
    count: int


@dataclass(frozen=True, slots=True)
class Vote:
    """What several samples of one reply said."""

    samples: int
    """So many were asked for."""
    ended: int
    """So many came to their end; the others were not needed any more."""
    votes: tuple[Votes, ...] = ()
    """Most first; samples that were cut, or gave no answer, have none."""
    share: float = 0.0
    """Of those that ended, how many gave the answer which won."""
    sample: int | None = None
    """The first one that gave the answer which won, counted from 0; its seed is higher by that."""
    tokens: int = 0
    """Of all samples."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as far as it came: the two parts that are shown, and the raw text they were cut from."""

    answer: str
    thinking: str
    raw: str
    finish_reason: FinishReason
    stats: Stats | None = None
    vote: Vote | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat's tree; what follows `created_at` belongs to an assistant's message."""

    id: int
    chat_id: int
    parent_id: int | None
    role: Role
    text: str
    """What the user wrote, or the answer without its thinking."""
    created_at: float
    """Seconds since the epoch, UTC."""
    thinking: str = ""
    raw: str = ""
    model: str = ""
    finish_reason: FinishReason | None = None
    stats: Stats | None = None
    vote: Vote | None = None
    """Where it is one of several replies, of which most said the same."""
