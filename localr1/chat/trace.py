"""A thinking cut short, skipped or taken up again, in the model's own voice (pure)."""

from __future__ import annotations

from localr1.chat.families import Family
from localr1.chat.thinking import ThinkingSplitter, ThinkingState
from localr1.message import FinishReason, Message, Reply, Stats

CLOSING = "I have thought long enough; now I give my answer."
DOUBT = "Wait"
UNFINISHED = "\ufffd"
"""What stands for a character in which a reply was cut."""


def end_thinking(family: Family, state: ThinkingState, raw: str) -> str:
    """What closes the thinking of a reply that came so far; empty where there is none to close."""
    if not family.thinks:
        return ""
    if not raw.strip():
        return family.skip or f"{family.opening}{CLOSING}\n{family.end}"
    return f"{_paragraph(raw)}{CLOSING}\n{family.end}" if state is ThinkingState.RUNNING else ""


def answer_begin(family: Family, state: ThinkingState) -> str:
    """What a reply says right before its answer; empty where that has begun, or all is answer."""
    if family.tags is None or not family.thinks or state in (ThinkingState.CLOSED, ThinkingState.SKIPPED):
        return ""
    return family.tags.answer_open or family.tags.close


def doubt(raw: str) -> str:
    """What makes the model go on with a thinking that it was about to end."""
    return _paragraph(raw) + DOUBT


def cut_reply(message: Message, family: Family, model: str) -> Reply:
    """A reply that was cut, as this model can go on with it; one of another model is written in its tags."""
    raw = message.raw if message.model == model and message.raw else _rewritten(message, family)
    return Reply(
        answer=message.text,
        thinking=message.thinking,
        raw=raw.removesuffix(UNFINISHED),
        finish_reason=FinishReason.INTERRUPTED,
        stats=message.stats,
    )


def reopened(message: Message, family: Family) -> Reply:
    """The thinking of a reply without its end, and doubt about it; what it took so far is kept."""
    trace = family.opening + message.thinking.rstrip()
    stats = message.stats and Stats(
        prompt_tokens=message.stats.prompt_tokens,
        evaluated_tokens=0,
        generated_tokens=message.stats.thinking_tokens,
        prompt_seconds=0.0,
        generation_seconds=message.stats.thinking_seconds,
        thinking_tokens=message.stats.thinking_tokens,
        thinking_seconds=message.stats.thinking_seconds,
    )
    raw = trace + doubt(trace)
    return Reply("", message.thinking, raw, FinishReason.INTERRUPTED, stats)


def without_oldest_thinking(raw: str, family: Family, share: float) -> str:
    """A reply whose thinking lacks its beginning, so that about this share of the text is left.

    Empty when the thinking is shorter than what has to go.
    """
    splitter = ThinkingSplitter(family.tags, opened=family.opened)
    splitter.feed(raw)
    thinking = splitter.thinking
    start = raw.find(thinking)
    surplus = len(raw) - int(len(raw) * share)
    if start < 0 or surplus >= len(thinking):
        return ""
    line = thinking.find("\n", surplus) + 1
    return raw[:start] + thinking[line or surplus :] + raw[start + len(thinking) :]


def _paragraph(raw: str) -> str:
    """The line ends that this text lacks before a new paragraph."""
    return "\n\n"[min(2, len(raw) - len(raw.rstrip("\n"))) :]


def _rewritten(message: Message, family: Family) -> str:
    """The reply of another model."""
    if not (family.thinks and message.thinking):
        return message.text
    trace = family.opening + message.thinking
    return f"{trace}{family.end}{message.text}" if message.text else trace
