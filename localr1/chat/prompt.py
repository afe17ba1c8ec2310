"""A chat's history → the messages of a request; thinking is left out, as the models were trained."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from localr1.chat.choices import InstructionsPlace
from localr1.engine.requests import ChatMessage
from localr1.message import Message, Role

OPTIMISM = 1.1
"""Rather leave out too little and try again than too much: text and tokens are not in proportion."""


def build_messages(
    branch: Sequence[Message],
    instructions: str = "",
    place: InstructionsPlace = InstructionsPlace.SYSTEM,
) -> tuple[ChatMessage, ...]:
    """The conversation as a template wants it: no thinking, no empty reply, roles that take turns.

    A reply that was stopped while it was thinking has no answer; the user's messages around it become one, as
    many templates refuse two of one role in a row. Instructions, system messages among them, become one with
    the question that follows where they have no place of their own.
    """
    texts = [(Role.SYSTEM, instructions), *((message.role, message.text) for message in branch)]
    first = place is InstructionsPlace.FIRST_QUESTION
    said = [
        (Role.USER.value if first and role is Role.SYSTEM else role.value, text)
        for role, text in texts
        if text.strip()
    ]
    return tuple(
        ChatMessage(role, "\n\n".join(text for _, text in group))
        for role, group in groupby(said, lambda item: item[0])
    )


def shorten(branch: Sequence[Message], fitting: float) -> list[Message]:
    """The history without its oldest exchanges, down to about the share `fitting` of its text.

    At least one exchange is left out and the newest question stays; empty when there is only that. System
    messages stay, as they hold for the whole chat.
    """
    enough = fitting * OPTIMISM * _size(branch)
    rest = _without_oldest_exchange(branch)
    while _size(rest) > enough and (shorter := _without_oldest_exchange(rest)):
        rest = shorter
    return rest


def _size(branch: Sequence[Message]) -> int:
    return sum(len(message.text) for message in branch)


def _without_oldest_exchange(branch: Sequence[Message]) -> list[Message]:
    questions = [index for index, message in enumerate(branch) if message.role is Role.USER]
    if len(questions) < 2:
        return []
    system = [message for message in branch[: questions[1]] if message.role is Role.SYSTEM]
    return [*system, *branch[questions[1] :]]
