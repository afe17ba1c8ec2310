"""Where a new message goes in the tree of a chat."""

from __future__ import annotations

import pytest

from localr1.chat.place import last_question, next_parent, unanswered, up_to
from localr1.message import Message, Role

U, A, S = Role.USER, Role.ASSISTANT, Role.SYSTEM


def branch(*roles: Role) -> list[Message]:
    """Messages 1, 2, 3 … of these roles, each below the one before."""
    return [
        Message(id=number, chat_id=1, parent_id=number - 1 or None, role=role, text="", created_at=0.0)
        for number, role in enumerate(roles, 1)
    ]


@pytest.mark.parametrize(
    ("roles", "asked", "waiting", "parent"),
    [
        ((), None, None, None),
        ((S,), None, None, 1),
        ((U,), 1, 1, None),
        ((U, A), 1, None, 2),
        ((U, A, U), 3, 3, 2),
        ((S, U, A), 2, None, 3),
    ],
)
def test_a_question_follows_a_reply_and_stands_beside_a_question_without_one(
    roles: tuple[Role, ...], asked: int | None, waiting: int | None, parent: int | None
) -> None:
    messages = branch(*roles)
    question, open_question = last_question(messages), unanswered(messages)
    assert (question and question.id, open_question and open_question.id) == (asked, waiting)
    assert next_parent(messages) == parent


def test_a_branch_up_to_a_question_leaves_out_its_reply() -> None:
    messages = branch(U, A, U, A)
    assert up_to(messages, messages[2]) == messages[:3]
