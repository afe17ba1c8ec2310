"""Questions that are answered by a vote: the real worker, the bundled model, a real database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from localr1.chat.events import (
    AnswerDelta,
    Closer,
    Event,
    OfSample,
    SampleDone,
    ThinkingClosed,
    TurnDone,
    VoteProgress,
)
from localr1.chat.session import ChatSession
from localr1.chat.trace import CLOSING
from localr1.chat.votes import Poll
from localr1.chat_options import ChatOptions
from localr1.config import Config
from localr1.errors import UsageError
from localr1.message import FinishReason, Votes
from localr1.store.chats import Chats
from tests.engine.sessions import QUESTION, Opener, events_of, reply_of, run

WARM = Config(temperature=0.8, seed=1)
PENSIVE = Config(temperature=1, seed=1, context=2048, min_thinking=1500)


async def events_with(session: ChatSession, poll: Poll, act: Callable[[], Awaitable[None]]) -> list[Event]:
    """A whole vote, in which something is done at the first word of any sample."""
    seen: list[Event] = []
    async with aclosing(session.send(QUESTION, poll)) as turn:
        async for event in turn:
            if isinstance(event, OfSample) and not any(isinstance(each, OfSample) for each in seen):
                await act()
            seen.append(event)
    return seen


async def test_one_reply_of_several_is_kept_in_the_chat_with_the_vote(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    session = opener(nano, WARM)
    events = await events_of(session.send(QUESTION, Poll(5)))
    reply = reply_of(events)
    assert reply.text == "47 + 85 = 132."
    assert reply.vote
    assert reply.vote.votes == (Votes("132", reply.vote.ended),)
    assert reply.vote.samples == 5
    assert [message.text for message in session.history()] == [QUESTION, reply.text]
    assert chats.message(reply.id) == reply


async def test_events_tell_of_each_sample_and_at_last_of_the_reply_that_won(
    opener: Opener, nano: Path
) -> None:
    events = await events_of(opener(nano, WARM).send(QUESTION, Poll(3)))
    *_, said, done = events
    assert isinstance(said, AnswerDelta)
    assert isinstance(done, TurnDone)
    ends = [
        event.sample
        for event in events
        if isinstance(event, OfSample) and isinstance(event.event, SampleDone)
    ]
    assert sorted(ends) == [0, 1, 2]
    progress = [event for event in events if isinstance(event, VoteProgress)]
    assert (progress[0], progress[-1].leader) == (VoteProgress(0, 3), "132")


async def test_a_chat_goes_on_after_a_vote(opener: Opener, nano: Path) -> None:
    session = opener(nano, WARM)
    await run(session.send(QUESTION, Poll(3)))
    assert "137" in (await run(session.send("Now add 5.", Poll(3)))).text
    assert (await run(session.send("Now add 5."))).vote is None


async def test_another_question_is_voted_on_beside_the_first(opener: Opener, nano: Path) -> None:
    session = opener(nano, WARM)
    await run(session.send(QUESTION, Poll(3)))
    first = session.history()[0]
    await run(session.edit(first.id, "What is 9 + 8?", Poll(3)))
    assert [message.text for message in session.history()] == ["What is 9 + 8?", "9 + 8 = 17."]


async def test_each_sample_has_the_budget_of_the_chat(opener: Opener, nano: Path) -> None:
    session = opener(nano, WARM, given=ChatOptions(effort=20))
    events = await events_of(session.send(QUESTION, Poll(3)))
    closed = [
        event for event in events if isinstance(event, OfSample) and isinstance(event.event, ThinkingClosed)
    ]
    assert sorted(each.sample for each in closed) == [0, 1, 2]
    assert {each.event for each in closed} == {ThinkingClosed(Closer.BUDGET, 20)}
    assert reply_of(events).thinking.endswith(f"{CLOSING}\n")


async def test_an_answer_that_is_wanted_now_comes_from_every_sample(opener: Opener, nano: Path) -> None:
    session = opener(nano, PENSIVE)
    events = await events_with(session, Poll(3), session.answer_now)
    closed = [
        event.sample
        for event in events
        if isinstance(event, OfSample) and isinstance(event.event, ThinkingClosed)
    ]
    assert sorted(closed) == [0, 1, 2]
    assert reply_of(events).text


async def test_a_vote_that_is_stopped_is_kept_as_stopped_and_the_worker_lives_on(
    opener: Opener, nano: Path
) -> None:
    session = opener(nano, PENSIVE)
    reply = reply_of(await events_with(session, Poll(20), session.stop))
    assert reply.finish_reason is FinishReason.CANCELLED
    assert (await run(opener(nano).send(QUESTION))).text == "47 + 85 = 132."


async def test_a_vote_that_is_left_is_kept_as_interrupted(opener: Opener, nano: Path) -> None:
    session = opener(nano, PENSIVE)
    async with aclosing(session.send(QUESTION, Poll(3))) as turn:
        async for event in turn:
            if isinstance(event, OfSample):
                break
    assert session.history()[-1].finish_reason is FinishReason.INTERRUPTED


async def test_at_temperature_0_there_is_nothing_to_vote_on(opener: Opener, nano: Path) -> None:
    with pytest.raises(UsageError, match="temperature 0"):
        await run(opener(nano).send(QUESTION, Poll(3)))
