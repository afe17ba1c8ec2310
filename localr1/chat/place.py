"""Where in a chat's tree the next message goes (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from localr1.message import Message, Role


def last_question(branch: Sequence[Message]) -> Message | None:
    """The newest message of the user; None where nothing was asked."""
    return next((message for message in reversed(branch) if message.role is Role.USER), None)


def unanswered(branch: Sequence[Message]) -> Message | None:
    """The question at the end that got no reply, if there is one."""
    return branch[-1] if branch and branch[-1].role is Role.USER else None


def next_parent(branch: Sequence[Message]) -> int | None:
    """What a new question follows; it goes beside one that was never answered, not after it."""
    if question := unanswered(branch):
        return question.parent_id
    return branch[-1].id if branch else None


def up_to(branch: Sequence[Message], last: Message) -> list[Message]:
    """A branch as far as one of its messages."""
    return [message for message in branch if message.id <= last.id]
