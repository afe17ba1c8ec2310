"""Whether a question fits the context beside what the chat already holds (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from localr1.chat.prompt import shorten
from localr1.engine.limits import MIN_REPLY
from localr1.message import Message, Role

BYTES_PER_TOKEN = 3.5
"""Of English and of code, with the vocabularies of Qwen and Llama."""
MARKS = 8
"""Tokens that a chat template writes around a question, about."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A number of tokens, counted or only estimated."""

    number: int
    exact: bool = False

    @property
    def words(self) -> str:
        return f"{'' if self.exact else '≈ '}{self.number:,} token{'' if self.number == 1 else 's'}"


def estimate_tokens(text: str) -> Tokens:
    """About as many tokens as the text has, before a tokenizer has seen it."""
    return Tokens(round(len(text.encode("utf-8", "replace")) / BYTES_PER_TOKEN))


def held_tokens(branch: Sequence[Message]) -> int:
    """Tokens that the history takes in the next request: as its last reply counted them, without thinking."""
    held = 0
    for message in branch:
        if stats := message.stats:
            held = stats.prompt_tokens + stats.generated_tokens - stats.thinking_tokens
        else:
            held += estimate_tokens(message.text).number + MARKS
    return held


def fits(tokens: int, context: int) -> bool:
    """Whether a request of so many tokens leaves room for a reply in the context."""
    return tokens + MARKS <= context - min(MIN_REPLY, context // 2)


def left_out(branch: Sequence[Message], question: str, tokens: int, context: int) -> int:
    """How many of the oldest messages will give way to a question that fits alone, of so many tokens."""
    rest = [*branch, Message(0, 0, None, Role.USER, question, 0.0)]
    room = context - min(MIN_REPLY, context // 2)
    held = whole = held_tokens(branch)
    while len(rest) > 1 and not fits(held + tokens, context):
        rest = shorten(rest, room / (held + tokens + MARKS)) or rest[-1:]
        held = whole * _size(rest[:-1]) // max(1, _size(branch))
    return len(branch) + 1 - len(rest)


def _size(branch: Sequence[Message]) -> int:
    return sum(len(message.text) for message in branch)
