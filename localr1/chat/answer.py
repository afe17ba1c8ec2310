"""A whole reply with all that is known about it, for programs."""

from __future__ import annotations

from typing import Any

import msgspec

from localr1.chat.session import ChatSession
from localr1.chat.tally import vote_text
from localr1.chat.votes import Poll, is_sure
from localr1.errors import NoAnswerError, NotSureError
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
    data: Any = None
    """Of an answer that had to have a form: the value that a JSON schema allows, or the choice."""


def answer_of(message: Message, session: ChatSession, *, saved: bool) -> Answer:
    """The answer in a message that a session has just ended; raises FormError for one of another form."""
    judged = message.text.strip() and message.finish_reason is not FinishReason.CANCELLED
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
        data=session.form.read(message.text) if session.form and judged else None,
    )


def require_text(answer: Answer) -> None:
    """Raises NoAnswerError where nothing but thinking came."""
    if answer.text.strip():
        return
    cut = answer.finish_reason is FinishReason.LENGTH
    raise NoAnswerError(
        "The model spent all its tokens on thinking and gave no answer."
        if cut
        else "The model ended its reply without an answer.",
        hint="Give it more with --max-tokens or --context, or bound its thinking with --effort low."
        if cut
        else "Ask again, or in other words.",
    )


def require_sure(answer: Answer, poll: Poll) -> None:
    """Raises NotSureError where fewer agree than have to."""
    if answer.vote and not is_sure(answer.vote, poll):
        raise NotSureError(
            f"Not sure: {vote_text(answer.vote)}.", hint=f"--min-share asks for {poll.min_share:.0%}."
        )
