"""What a chat has evaluated stays evaluated: exact counts over the real worker and the bundled model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from localr1.chat.events import Event, TurnDone
from localr1.chat.session import ChatSession
from localr1.config import Config
from localr1.message import Message
from localr1.store.chats import Chats
from tests.engine.processes import WAIT_SECONDS
from tests.engine.sessions import GREEDY, QUESTION, Opener, run

LONG_QUESTION = "There are 47 apples in one basket and 85 apples in another. What is 47 + 85?"
FOLLOW_UP = "Now add 5."
REPLY_MARKS = 3
"""Tokens of nano's template after a question: the assistant's mark, the thinking tag and a line end."""
SHORT = Config(temperature=0, max_tokens=90)
"""Cuts nano in the middle of its thinking."""


async def evaluated(session: ChatSession, turn: AsyncGenerator[Event, None]) -> int:
    """Tokens that a turn has evaluated, its reply not counted; afterwards the next one is prepared."""
    reply = await run(turn)
    await asyncio.wait_for(session.rest(), WAIT_SECONDS)
    assert reply.stats
    return reply.stats.evaluated_tokens


@pytest.fixture
def session(opener: Opener, nano: Path) -> ChatSession:
    """A chat that stays open."""
    return opener(nano, stays=True)


async def test_another_reply_evaluates_one_token(session: ChatSession) -> None:
    await evaluated(session, session.send(QUESTION))
    assert await evaluated(session, session.regenerate()) == 1
    assert await evaluated(session, session.send(FOLLOW_UP)) == len(FOLLOW_UP) + REPLY_MARKS
    assert await evaluated(session, session.regenerate()) == 1


async def test_a_question_in_other_words_evaluates_these_words(session: ChatSession) -> None:
    await evaluated(session, session.send(QUESTION))
    await evaluated(session, session.send(FOLLOW_UP))
    question = session.history()[2]
    words = "Now add 6."
    differing = len(words) - words.index("6")
    assert await evaluated(session, session.edit(question.id, words)) == differing + REPLY_MARKS


async def test_a_branch_that_was_left_goes_on_where_it_stood(session: ChatSession, chats: Chats) -> None:
    first = await run(session.send(LONG_QUESTION))
    assert first.parent_id
    await evaluated(session, session.send(FOLLOW_UP))
    await evaluated(session, session.edit(first.parent_id, "Spell cat backwards."))
    chats.show_branch(first.id)
    assert await evaluated(session, session.send("Now add 7.")) == len("Now add 7.") + REPLY_MARKS


async def test_a_reply_that_was_cut_goes_on_with_one_token(opener: Opener, nano: Path) -> None:
    session = opener(nano, SHORT, stays=True)
    cut = await run(session.send(QUESTION))
    assert cut.stats
    before = cut.stats.evaluated_tokens
    assert await evaluated(session, session.continue_reply()) == before + 1


async def test_an_answer_now_evaluates_nothing_of_the_thinking_before_it(opener: Opener, nano: Path) -> None:
    session = opener(nano, SHORT, stays=True)
    cut = await run(session.send(QUESTION))
    assert cut.stats and not cut.text
    before = cut.stats.evaluated_tokens
    reply = await run(session.continue_reply(answer_now=True))
    assert reply.stats and reply.text
    put_in = reply.raw.removeprefix(cut.raw).partition("</think>")[0]
    last_of_thinking, tag, line_ends = 1, 1, 2
    expected = last_of_thinking + len(put_in.encode()) + tag + line_ends
    assert reply.stats.evaluated_tokens - before == expected


async def test_a_thinking_that_is_doubted_is_not_evaluated_again(session: ChatSession) -> None:
    first = await run(session.send(QUESTION))
    await asyncio.wait_for(session.rest(), WAIT_SECONDS)
    events = [event async for event in session.think_longer()]
    assert isinstance(events[-1], TurnDone)
    doubted = events[-1].message
    assert first.stats and doubted.stats
    assert doubted.raw.startswith(first.thinking.rstrip()[:20])
    assert doubted.stats.evaluated_tokens < len("\nWait, let me check that again. ") * 2


async def test_a_chat_that_was_left_for_another_goes_on_where_it_stood(
    opener: Opener, nano: Path, session: ChatSession
) -> None:
    await evaluated(session, session.send(LONG_QUESTION))
    other = opener(nano, stays=True)
    await evaluated(other, other.send("What is 12 * 12?"))
    assert await evaluated(session, session.send(FOLLOW_UP)) == len(FOLLOW_UP) + REPLY_MARKS


async def test_what_was_parked_answers_as_what_was_never_left(
    opener: Opener, nano: Path, session: ChatSession
) -> None:
    await evaluated(session, session.send(QUESTION))
    undisturbed: Message = await run(session.send(FOLLOW_UP))
    other = opener(nano, GREEDY, stays=True)
    await evaluated(other, other.send("Spell cat backwards."))
    again = await run(session.regenerate())
    assert again.raw == undisturbed.raw
    assert again.stats and again.stats.evaluated_tokens == 1
