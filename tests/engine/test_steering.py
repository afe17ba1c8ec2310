"""Thinking that is bounded, skipped, kept going and gone on with: the real worker, the bundled model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from localr1.chat.events import (
    AnswerDelta,
    Closer,
    Event,
    PromptProgress,
    ThinkingBudget,
    ThinkingClosed,
    ThinkingDelta,
    ThinkingExtended,
    ThinkingTrimmed,
)
from localr1.chat.trace import CLOSING
from localr1.chat_options import ChatOptions, Effort
from localr1.config import Config
from localr1.errors import ContextError, UsageError
from localr1.message import FinishReason, Reply
from localr1.store.chat import Chat
from localr1.store.chats import Chats
from tests.engine.sessions import QUESTION, Opener, events_of, reply_of, run

PENSIVE = Config(temperature=1, seed=1, context=2048, min_thinking=1500)
"""With this nano thinks on and on."""


def given(effort: Effort) -> ChatOptions:
    return ChatOptions(effort=effort)


def of_kind(events: list[Event], *kinds: type) -> list[Event]:
    return [event for event in events if isinstance(event, kinds)]


def shown(events: list[Event], kind: type[ThinkingDelta] | type[AnswerDelta]) -> str:
    return "".join(event.text for event in events if isinstance(event, kind))


async def events_with(
    events: AsyncGenerator[Event, None], kind: type, act: Callable[[], Awaitable[None]]
) -> list[Event]:
    """A whole turn, in which something is done at the first event of a kind."""
    seen: list[Event] = []
    async with aclosing(events) as turn:
        async for event in turn:
            if isinstance(event, kind) and not of_kind(seen, kind):
                await act()
            seen.append(event)
    return seen


# ---- budgets


async def test_at_the_end_of_its_budget_the_thinking_is_closed_and_an_answer_follows(
    opener: Opener, nano: Path
) -> None:
    whole = await run(opener(nano).send(QUESTION))
    events = await events_of(opener(nano, given=given(20)).send(QUESTION))
    reply = reply_of(events)
    assert reply.thinking == f"{whole.thinking[:20]}\n\n{CLOSING}\n"  # a plain byte is one token of nano
    assert reply.text
    assert reply.finish_reason is FinishReason.STOP
    assert "think>" not in reply.text
    assert (shown(events, ThinkingDelta), shown(events, AnswerDelta)) == (reply.thinking, reply.text)
    assert of_kind(events, ThinkingBudget, ThinkingClosed) == [
        ThinkingBudget(20),
        ThinkingClosed(Closer.BUDGET, 20),
    ]


async def test_a_budget_that_is_not_reached_does_not_change_the_reply(opener: Opener, nano: Path) -> None:
    config = Config(temperature=1.5, top_p=1, seed=5)
    free = await run(opener(nano, config).send(QUESTION))
    events = await events_of(opener(nano, config, given=given("medium")).send(QUESTION))
    assert reply_of(events).raw == free.raw
    assert not of_kind(events, ThinkingClosed)


async def test_the_tokens_of_a_closed_thinking_are_counted_with_its_closing_sentence(
    opener: Opener, nano: Path
) -> None:
    reply = await run(opener(nano, given=given(20)).send(QUESTION))
    assert reply.stats
    assert reply.stats.generated_tokens > 20 + len(CLOSING)
    assert 20 < reply.stats.thinking_tokens < reply.stats.generated_tokens


async def test_a_budget_leaves_a_share_of_the_room_to_the_answer(opener: Opener, nano: Path) -> None:
    config = Config(temperature=1, seed=1, context=512, min_thinking=500)
    events = await events_of(opener(nano, config, given=given("high")).send(QUESTION))
    [budget, closed] = of_kind(events, ThinkingBudget, ThinkingClosed)
    assert isinstance(budget, ThinkingBudget)
    assert isinstance(closed, ThinkingClosed)
    assert closed.by is Closer.BUDGET
    reply = reply_of(events)
    assert reply.stats
    room = 512 - reply.stats.prompt_tokens
    assert budget.tokens == int(room * 0.75)
    assert reply.text


@pytest.mark.parametrize("effort", ["off", 0])
async def test_without_effort_the_thinking_is_skipped(opener: Opener, nano: Path, effort: Effort) -> None:
    events = await events_of(opener(nano, given=given(effort)).send(QUESTION))
    reply = reply_of(events)
    assert (reply.thinking, of_kind(events, ThinkingDelta, ThinkingBudget, ThinkingClosed)) == ("", [])
    assert reply.text == shown(events, AnswerDelta) != ""
    assert reply.raw == f"\n</think>\n\n{reply.text}"
    assert reply.stats
    assert reply.stats.generated_tokens == len(reply.text.encode())
    assert reply.stats.thinking_tokens == 0


async def test_a_model_that_does_not_think_answers_the_same_with_any_effort(
    opener: Opener, smollm2: Path
) -> None:
    config = Config(temperature=0, max_tokens=30, context=512)
    free = await run(opener(smollm2, config).send(QUESTION))
    for effort in ("off", 5):
        session = opener(smollm2, config, given=given(effort))
        assert session.thinks is None
        assert (await run(session.send(QUESTION))).raw == free.raw
        assert session.thinks is False


# ---- answer now


async def test_the_user_can_have_the_answer_now(opener: Opener, nano: Path) -> None:
    session = opener(nano, PENSIVE)
    events = await events_with(session.send(QUESTION), ThinkingDelta, session.answer_now)
    [closed] = of_kind(events, ThinkingClosed)
    assert isinstance(closed, ThinkingClosed)
    assert closed.by is Closer.USER
    reply = reply_of(events)
    assert reply.thinking.endswith(f"\n\n{CLOSING}\n")
    assert reply.text


async def test_asked_for_before_a_word_came_the_answer_comes_without_thinking(
    opener: Opener, nano: Path
) -> None:
    session = opener(nano)
    events = await events_with(session.send(QUESTION), PromptProgress, session.answer_now)
    reply = reply_of(events)
    assert reply.thinking.removesuffix(f"\n\n{CLOSING}\n") != reply.thinking or not reply.thinking
    assert reply.text
    assert of_kind(events, ThinkingClosed)


async def test_asked_for_while_the_model_loads_the_answer_comes_without_thinking(
    opener: Opener, nano: Path
) -> None:
    session = opener(nano)
    turn = asyncio.create_task(run(session.send(QUESTION)))
    await asyncio.sleep(0)
    await session.answer_now()
    reply = await turn
    assert (reply.thinking, reply.raw) == ("", f"\n</think>\n\n{reply.text}")


async def test_in_the_answer_and_between_turns_it_changes_nothing(opener: Opener, nano: Path) -> None:
    session = opener(nano)
    await session.answer_now()
    whole = await run(session.send(QUESTION))
    assert whole.thinking
    await session.answer_now()
    events = await events_with(session.regenerate(), AnswerDelta, session.answer_now)
    assert reply_of(events).raw == whole.raw
    assert not of_kind(events, ThinkingClosed)


async def test_a_model_that_does_not_think_goes_on_with_its_answer(opener: Opener, smollm2: Path) -> None:
    session = opener(smollm2, Config(temperature=0, max_tokens=30, context=512))
    whole = await run(session.send(QUESTION))
    events = await events_with(session.regenerate(), AnswerDelta, session.answer_now)
    assert reply_of(events).raw == whole.raw


# ---- replies that go on


async def test_a_cut_reply_goes_on_in_its_message_as_if_it_had_never_been_cut(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    whole = await run(opener(nano).send(QUESTION))
    cut = await run(opener(nano, Config(temperature=0, max_tokens=30)).send(QUESTION))
    session = opener(nano, chat=chats.get(cut.chat_id))
    events = await events_of(session.continue_reply())
    reply = reply_of(events)
    assert (reply.id, reply.raw, reply.text) == (cut.id, whole.raw, whole.text)
    assert cut.thinking + shown(events, ThinkingDelta) == whole.thinking
    assert len(session.history()) == 2


async def test_the_numbers_of_a_reply_that_went_on_are_those_of_the_whole(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    whole = await run(opener(nano).send(QUESTION))
    cut = await run(opener(nano, Config(temperature=0, max_tokens=30)).send(QUESTION))
    reply = await run(opener(nano, chat=chats.get(cut.chat_id)).continue_reply())
    assert reply.stats and whole.stats and cut.stats
    assert reply.stats.prompt_tokens == whole.stats.prompt_tokens
    assert reply.stats.generated_tokens == whole.stats.generated_tokens
    assert abs(reply.stats.thinking_tokens - whole.stats.thinking_tokens) <= 10  # pieces hold some of both
    assert reply.stats.generation_seconds > cut.stats.generation_seconds
    assert reply.stats.evaluated_tokens == cut.stats.evaluated_tokens + 1


async def test_tokens_go_on_counting_where_the_reply_was_cut(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    cut = await run(opener(nano, Config(temperature=0, max_tokens=30)).send(QUESTION))
    events = await events_of(opener(nano, chat=chats.get(cut.chat_id)).continue_reply())
    first = next(event for event in events if isinstance(event, ThinkingDelta))
    assert first.tokens > 30


async def test_a_reply_that_was_all_thinking_can_be_answered_at_once(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    cut = await run(opener(nano, Config(temperature=0, max_tokens=30)).send(QUESTION))
    assert cut.text == ""
    events = await events_of(opener(nano, chat=chats.get(cut.chat_id)).continue_reply(answer_now=True))
    reply = reply_of(events)
    assert reply.id == cut.id
    assert reply.thinking == f"{cut.thinking}\n\n{CLOSING}\n"
    assert reply.text
    assert shown(events, ThinkingDelta) == f"\n\n{CLOSING}\n"
    assert of_kind(events, ThinkingClosed) == [ThinkingClosed(Closer.USER, 30)]


async def test_a_budget_that_was_used_up_before_is_not_given_again(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    cut = await run(opener(nano, Config(temperature=0, max_tokens=30)).send(QUESTION))
    events = await events_of(opener(nano, chat=chats.get(cut.chat_id), given=given(25)).continue_reply())
    assert of_kind(events, ThinkingClosed) == [ThinkingClosed(Closer.BUDGET, 30)]
    events = await events_of(opener(nano, Config(temperature=0, max_tokens=30)).send(QUESTION))
    chat = chats.get(reply_of(events).chat_id)
    events = await events_of(opener(nano, chat=chat, given=given(40)).continue_reply())
    assert of_kind(events, ThinkingBudget, ThinkingClosed) == [
        ThinkingBudget(40),
        ThinkingClosed(Closer.BUDGET, 40),
    ]


async def test_a_reply_that_was_stopped_in_its_answer_goes_on_with_it(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    whole = await run(opener(nano).send(QUESTION))
    assert whole.stats
    shorter = Config(temperature=0, max_tokens=whole.stats.generated_tokens - 4)
    cut = await run(opener(nano, shorter).send(QUESTION))
    assert cut.text == whole.text[: len(cut.text)] != whole.text
    reply = await run(opener(nano, chat=chats.get(cut.chat_id)).continue_reply())
    assert reply.text == whole.text


async def test_a_reply_that_came_to_its_end_does_not_go_on(opener: Opener, nano: Path) -> None:
    session = opener(nano)
    with pytest.raises(UsageError, match="no reply"):
        await run(session.continue_reply())
    await run(session.send(QUESTION))
    with pytest.raises(UsageError, match="came to its end"):
        await run(session.continue_reply())


def full(chats: Chats, thinking: str) -> Chat:
    """A chat whose reply spent the whole context on thinking."""
    chat = chats.create(title="full")
    question = chats.add_user_message(chat.id, None, QUESTION)
    reply = chats.start_reply(chat.id, question.id, "nano")
    chats.save_reply(reply.id, Reply("", thinking, thinking, FinishReason.LENGTH))
    return chat


THINKING = "".join(f"{n} + 1 = {n + 1}.\n" for n in range(60))
"""More than a context of 512 tokens."""


async def test_a_thinking_that_filled_the_context_is_answered_without_its_beginning_and_says_so(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    session = opener(nano, Config(temperature=0, context=512), full(chats, THINKING))
    events = await events_of(session.continue_reply(answer_now=True))
    assert of_kind(events, ThinkingTrimmed) == [ThinkingTrimmed()]
    reply = reply_of(events)
    assert reply.thinking == f"{THINKING}\n{CLOSING}\n"
    assert reply.text


async def test_a_reply_that_cannot_go_on_stays_as_it_is(opener: Opener, chats: Chats, nano: Path) -> None:
    answer = "7" * 600
    chat = full(chats, "Hm.</think>" + answer)
    session = opener(nano, Config(temperature=0, context=512), chat)
    before = session.history()
    with pytest.raises(ContextError):
        await run(session.continue_reply())
    assert session.history() == before


# ---- thinking longer


async def test_thinking_longer_is_another_reply_that_begins_with_the_first_thinking(
    opener: Opener, chats: Chats, nano: Path
) -> None:
    session = opener(nano)
    first = await run(session.send(QUESTION))
    events = await events_of(session.think_longer())
    longer = reply_of(events)
    assert longer.id != first.id
    assert longer.parent_id == first.parent_id
    assert longer.thinking.startswith(first.thinking.rstrip() + "\n\nWait")
    assert shown(events, ThinkingDelta) == longer.thinking
    assert longer.text == shown(events, AnswerDelta)
    assert chats.message(first.id) == first
    assert first.stats and longer.stats
    assert longer.stats.thinking_tokens > first.stats.thinking_tokens


async def test_thinking_longer_has_a_budget_of_its_own(opener: Opener, nano: Path) -> None:
    session = opener(nano)
    session.set_options(given(30))
    first = await run(session.send(QUESTION))
    events = await events_of(session.think_longer())
    [budget] = of_kind(events, ThinkingBudget)
    assert isinstance(budget, ThinkingBudget)
    assert first.stats
    assert budget.tokens == first.stats.thinking_tokens + 30


async def test_where_no_thinking_was_there_is_none_to_go_on_with(
    opener: Opener, chats: Chats, nano: Path, smollm2: Path
) -> None:
    session = opener(nano, given=given("off"))
    with pytest.raises(UsageError, match="no reply"):
        await run(session.think_longer())
    await run(session.send(QUESTION))
    with pytest.raises(UsageError, match="no thinking"):
        await run(session.think_longer())
    thought = await run(opener(nano).send(QUESTION))
    plain = opener(smollm2, Config(context=512), chats.get(thought.chat_id))
    with pytest.raises(UsageError, match="does not think"):
        await run(plain.think_longer())
    assert len(plain.history()) == 2


async def test_a_thinking_that_ends_too_early_goes_on_in_the_same_reply(opener: Opener, nano: Path) -> None:
    whole = await run(opener(nano).send(QUESTION))
    assert whole.stats
    least = whole.stats.thinking_tokens + 40
    events = await events_of(opener(nano, Config(temperature=0, min_thinking=least)).send(QUESTION))
    reply = reply_of(events)
    assert of_kind(events, ThinkingExtended)
    assert reply.thinking.startswith(whole.thinking + "\nWait")
    assert reply.stats
    assert reply.stats.thinking_tokens >= least
    assert reply.raw.count("</think>") == 1


async def test_a_thinking_that_is_long_enough_is_left_alone(opener: Opener, nano: Path) -> None:
    whole = await run(opener(nano).send(QUESTION))
    events = await events_of(opener(nano, Config(temperature=0, min_thinking=10)).send(QUESTION))
    assert reply_of(events).raw == whole.raw
    assert not of_kind(events, ThinkingExtended)


async def test_a_budget_goes_before_the_least_that_shall_be_thought(opener: Opener, nano: Path) -> None:
    config = Config(temperature=0, min_thinking=500)
    events = await events_of(opener(nano, config, given=given(20)).send(QUESTION))
    assert of_kind(events, ThinkingExtended, ThinkingClosed) == [ThinkingClosed(Closer.BUDGET, 20)]
