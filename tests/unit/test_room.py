"""Whether a question fits beside the history."""

from __future__ import annotations

from dataclasses import replace

from localr1.chat.room import Tokens, estimate_tokens, fits, held_tokens, left_out
from localr1.message import Message, Role, Stats

STATS = Stats(
    prompt_tokens=100,
    evaluated_tokens=100,
    generated_tokens=80,
    prompt_seconds=1,
    generation_seconds=1,
    thinking_tokens=50,
)


def said(identifier: int, role: Role, text: str, stats: Stats | None = None) -> Message:
    return replace(Message(identifier, 1, None, role, text, 0.0), stats=stats)


QUESTION = said(1, Role.USER, "a" * 300)
ANSWER = said(2, Role.ASSISTANT, "b" * 300, STATS)


def test_an_estimate_says_that_it_is_one() -> None:
    assert estimate_tokens("x" * 350).words == "≈ 100 tokens"
    assert Tokens(4310, exact=True).words == "4,310 tokens"
    assert Tokens(1).words == "≈ 1 token"


def test_the_history_holds_what_its_last_reply_counted_without_the_thinking() -> None:
    assert held_tokens([]) == 0
    assert held_tokens([QUESTION, ANSWER]) == 130
    assert held_tokens([QUESTION, ANSWER, said(3, Role.USER, "c" * 35)]) == 130 + 10 + 8


def test_a_request_leaves_room_for_a_reply() -> None:
    assert fits(1024 - 256 - 8, 1024)
    assert not fits(1024 - 256 - 7, 1024)
    assert fits(256 - 128 - 8, 256)


def test_the_oldest_messages_give_way_as_they_do_in_a_turn() -> None:
    branch = [QUESTION, ANSWER, said(3, Role.USER, "c" * 300), replace(ANSWER, id=4)]
    assert left_out(branch, "d", 100, context=1024) == 0
    assert left_out(branch, "d" * 300, 130, context=512) == 2
    assert left_out(branch, "d" * 300, 240, context=512) == 4
