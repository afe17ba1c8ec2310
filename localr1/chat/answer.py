"""A whole reply with all that is known about it, for programs."""

from __future__ import annotations

import msgspec

from localr1.chat.session import ChatSession
from localr1.message import FinishReason, Message, Stats, Vote
from localr1.sampling import Sampling


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a model said, and how it came about."""

    text: str = msgspec.field(name="answer")
    """The answer without its thinking, as the model wrote it; empty where only thinking came."""
    thinking: str
    finish_reason: FinishReason
    model: str
    """Its name on this machine."""
    sha256: str | None
    """Of the model's file, where it has been checked."""
    sampling: Sampling
    """How it was drawn, with the seed that draws it again."""
    stats: Stats | None
    """Tokens and seconds."""
    chat: int | None
    """The chat that it is kept in; None for one that leaves no trace."""
    vote: Vote | None = None
    """What the samples said, where several were asked for."""


def answer_of(message: Message, session: ChatSession, *, saved: bool) -> Answer:
    """The answer in a message that a session has just ended."""
    return Answer(
        text=message.text,
        thinking=message.thinking,
        finish_reason=message.finish_reason or FinishReason.INTERRUPTED,
        model=message.model,
        sha256=session.model.sha256 or None,
        sampling=session.sampling or Sampling(),
        stats=message.stats,
        chat=message.chat_id if saved else None,
        vote=message.vote,
    )
