"""Replies of the real worker that are paused, and go on with text put into them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from localr1.engine.client import Engine, Progress
from localr1.engine.process import Patience
from localr1.engine.reports import Done, Paused, Piece, Rendered
from localr1.engine.requests import ChatMessage, Generate, GoOn
from localr1.errors import EngineError
from localr1.sampling import Sampling, Speculate
from tests.engine.asking import GREEDY, RAMBLING, Asked, ask, engine_of, user
from tests.engine.processes import WAIT_SECONDS

QUESTION = user("What is 47 + 85?")
CLOSING = "\n\nI have thought long enough; now I give my answer.\n</think>\n\n"
WILD = Sampling(temperature=5, top_p=1, top_k=0, seed=7)
NOTHING = GoOn(id=0)

Answer = Callable[[Paused, str], GoOn]


async def ask_with_pauses(
    engine: Engine,
    answer: Answer,
    *messages: ChatMessage,
    sampling: Sampling = GREEDY,
    max_tokens: int = 0,
    pause_at: int = 0,
    pause_share: float = 1.0,
    pause_before: str = "",
    speculate: Speculate = "off",
) -> tuple[Asked, list[Paused]]:
    """A whole reply; `answer` says to each pause and the text so far how it goes on."""
    pieces: list[str] = []
    pauses: list[Paused] = []
    last: Progress | None = None
    reply = engine.generate(
        Generate(
            messages or (QUESTION,),
            sampling,
            max_tokens=max_tokens,
            pause_at=pause_at,
            pause_share=pause_share,
            pause_before=pause_before,
            speculate=speculate,
        )
    )
    async with aclosing(reply):
        async for last in reply:
            match last:
                case Piece(text=text):
                    pieces.append(text)
                case Paused():
                    pauses.append(last)
                    order = answer(last, "".join(pieces))
                    engine.go_on(order.insert, pause_at=order.pause_at, pause_before=order.pause_before)
    assert isinstance(last, Done)
    return Asked(pieces, last), pauses


def say(insert: str) -> Answer:
    """Put this in at every pause."""
    return lambda paused, text: GoOn(id=0, insert=insert)


def go_on(paused: Paused, text: str) -> GoOn:
    return NOTHING


@pytest.mark.parametrize("sampling", [GREEDY, WILD], ids=["greedy", "wild"])
async def test_a_pause_changes_nothing_in_a_reply_that_goes_on(
    nano_engine: Engine, sampling: Sampling
) -> None:
    whole = await ask(nano_engine, QUESTION, sampling=sampling, max_tokens=80)

    def every_tenth(paused: Paused, text: str) -> GoOn:
        return GoOn(id=0, pause_at=paused.tokens + 10)

    paused, pauses = await ask_with_pauses(
        nano_engine, every_tenth, sampling=sampling, max_tokens=80, pause_at=10
    )
    assert paused.text == whole.text
    assert paused.done.generated_tokens == whole.done.generated_tokens == 80
    assert len(pauses) >= 5


async def test_a_pause_comes_after_exactly_so_many_tokens_and_all_their_text(nano_engine: Engine) -> None:
    seen: list[str] = []

    def remember(paused: Paused, text: str) -> GoOn:
        seen.append(text)
        return NOTHING

    whole, pauses = await ask_with_pauses(nano_engine, remember, pause_at=7)
    assert [(paused.tokens, paused.before) for paused in pauses] == [(7, False)]
    assert seen == [whole.text[:7]]  # a plain byte is one token of nano


async def test_what_is_put_in_becomes_a_part_of_the_reply_and_the_model_goes_on_from_it(
    nano_engine: Engine,
) -> None:
    cut, _ = await ask_with_pauses(nano_engine, say(CLOSING), pause_at=7)
    thinking, _, answer = cut.text.partition("</think>")
    whole = await ask(nano_engine, QUESTION)
    assert thinking == whole.text[:7] + CLOSING.partition("</think>")[0]
    assert answer.strip()
    assert cut.done.finish_reason == "stop"
    assert cut.done.generated_tokens == len(cut.text.encode()) - len("</think>") + 1


async def test_after_an_insertion_the_model_goes_on_as_after_a_prompt_that_ends_so(
    nano_engine: Engine,
) -> None:
    cut, _ = await ask_with_pauses(nano_engine, say(CLOSING), pause_at=20)
    before, _, answer = cut.text.partition(CLOSING)
    prompted = await ask(nano_engine, QUESTION, prefill=before + CLOSING)
    assert prompted.text == answer


async def test_a_pause_evaluates_nothing_again(nano_engine: Engine) -> None:
    """What is evaluated twice would stand twice in the cache, and the same request would find less of it."""
    cut, _ = await ask_with_pauses(nano_engine, say(CLOSING), pause_at=20)
    again = await ask(nano_engine, QUESTION, prefill=cut.text, max_tokens=1)
    assert again.done.evaluated_tokens == 1


async def test_a_pause_in_a_character_waits_for_its_end(nano_engine: Engine) -> None:
    question = user("What is 3 × 4?")
    whole = await ask(nano_engine, question)
    start = whole.text.encode().index("×".encode())
    paused, [pause] = await ask_with_pauses(nano_engine, go_on, question, pause_at=start + 1)
    assert paused.text == whole.text
    assert pause.tokens == start + 2


async def test_a_share_of_the_room_bounds_the_pause_and_is_told_beforehand(nano_engine: Engine) -> None:
    reply = nano_engine.generate(
        Generate((QUESTION,), RAMBLING, max_tokens=40, pause_at=500, pause_share=0.5)
    )
    async with aclosing(reply):
        rendered = await anext(reply)
        assert isinstance(rendered, Rendered)
        assert rendered.pause_at == 20


async def test_a_token_that_pauses_is_taken_unless_something_is_put_in_its_place(
    nano_engine: Engine,
) -> None:
    whole = await ask(nano_engine, QUESTION)
    taken, [pause] = await ask_with_pauses(nano_engine, go_on, pause_before="</think>")
    assert pause.before
    assert taken.text == whole.text
    answers = iter([GoOn(id=0, insert="Wait", pause_before="</think>"), NOTHING])
    longer, pauses = await ask_with_pauses(
        nano_engine, lambda paused, text: next(answers), pause_before="</think>"
    )
    thinking = whole.text.partition("</think>")[0]
    assert longer.text.startswith(thinking + "Wait")
    assert longer.text.count("</think>") == 1
    assert len(pauses) == 2


async def test_a_text_of_several_tokens_pauses_nothing(nano_engine: Engine) -> None:
    _, pauses = await ask_with_pauses(nano_engine, go_on, pause_before="ones")
    assert pauses == []


@pytest.mark.parametrize("room", [0, 5])
async def test_what_does_not_fit_any_more_ends_the_reply_with_length(nano_engine: Engine, room: int) -> None:
    cut, _ = await ask_with_pauses(nano_engine, say(CLOSING), pause_at=10, max_tokens=10 + room)
    assert cut.done.finish_reason == "length"
    assert cut.done.generated_tokens == 10 + room
    assert (await ask(nano_engine, QUESTION)).done.finish_reason == "stop"


async def test_the_end_of_the_context_ends_an_insertion_with_length(engine: Engine, nano: Path) -> None:
    info = await engine.load(nano, context=512)
    cut, _ = await ask_with_pauses(engine, say("again " * 500), pause_at=10)
    assert cut.done.finish_reason == "length"
    assert cut.done.prompt_tokens + cut.done.generated_tokens == info.context


async def test_an_insertion_longer_than_a_batch_is_evaluated(nano_engine: Engine) -> None:
    cut, _ = await ask_with_pauses(nano_engine, say("again " * 200 + CLOSING), pause_at=10)
    assert cut.done.finish_reason == "stop"


async def test_a_pause_that_is_asked_for_comes_at_once_and_only_once(nano_engine: Engine) -> None:
    pauses = 0
    reply = nano_engine.generate(Generate((QUESTION,), RAMBLING, max_tokens=2000))
    async with aclosing(reply):
        async for report in reply:
            match report:
                case Rendered():
                    nano_engine.pause()
                    nano_engine.pause()
                case Paused():
                    pauses += 1
                    nano_engine.go_on(CLOSING)
    assert pauses == 1


async def test_a_pause_of_a_reply_that_has_ended_leaves_the_next_one_alone(nano_engine: Engine) -> None:
    nano_engine.pause()
    await ask(nano_engine, QUESTION)
    nano_engine.pause()
    _, pauses = await ask_with_pauses(nano_engine, go_on)
    assert pauses == []


async def test_a_paused_reply_can_be_cancelled(nano_engine: Engine) -> None:
    reply = nano_engine.generate(Generate((QUESTION,), GREEDY, pause_at=5))
    async with aclosing(reply):
        async for report in reply:
            if isinstance(report, Paused):
                await nano_engine.cancel()
    assert isinstance(report, Done)
    assert report.finish_reason == "cancelled"
    assert report.generated_tokens == 5
    assert (await ask(nano_engine, QUESTION)).done.finish_reason == "stop"


async def test_a_paused_reply_that_nobody_waits_for_makes_way_for_the_next(nano_engine: Engine) -> None:
    reply = nano_engine.generate(Generate((QUESTION,), GREEDY, pause_at=5))
    async with aclosing(reply):
        async for report in reply:
            if isinstance(report, Paused):
                break
    assert (await ask(nano_engine, QUESTION)).done.finish_reason == "stop"


async def test_a_worker_that_is_killed_in_a_pause_is_told(nano_engine: Engine) -> None:
    reply = nano_engine.generate(Generate((QUESTION,), GREEDY, pause_at=5))
    async with aclosing(reply):
        with pytest.raises(EngineError, match="SIGKILL"):
            async for report in reply:
                if isinstance(report, Paused) and nano_engine.pid:
                    os.kill(nano_engine.pid, signal.SIGKILL)


async def test_a_pause_outlives_the_patience_with_a_silent_worker(tmp_path: Path, nano: Path) -> None:
    """The heart beats on while a reply is paused."""
    async with engine_of(tmp_path, patience=Patience(heartbeat=2.0)) as engine:
        await engine.load(nano)
        reply = engine.generate(Generate((QUESTION,), GREEDY, pause_at=5))
        async with aclosing(reply):
            async for report in reply:
                if isinstance(report, Paused):
                    break
            waiting = asyncio.ensure_future(anext(reply))
            done, _ = await asyncio.wait([waiting], timeout=4.5)
            assert not done
            engine.go_on(CLOSING)
            assert isinstance(await asyncio.wait_for(waiting, WAIT_SECONDS), Piece)
