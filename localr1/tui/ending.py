"""How a reply ended and what it took, in a few words (pure)."""

from __future__ import annotations

from localr1.message import FinishReason, Message, Stats
from localr1.units import speed_text
from localr1.wording import plural


def ending(message: Message) -> str:
    """Only what is not plain to see from the reply, then its tokens and their speed."""
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
            return "cut at the limit" if answered else "cut while thinking, before any answer"
        case FinishReason.REPETITION:
            return "ended as it repeated itself"
        case _:
            return "" if answered else "no answer"
