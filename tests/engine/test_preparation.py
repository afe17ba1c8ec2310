"""What the worker evaluates while the user reads, and what the next question has left to evaluate."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from localr1.chat.choices import InstructionsPlace
from localr1.chat.preparation import Preparation
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.engine.reports import Evaluated, Piece, Prepared, Report
from localr1.engine.requests import ChatMessage, Generate, Prepare
from localr1.engine.worker.bindings import AbortFlag
from localr1.engine.worker.generation import Generator
from localr1.engine.worker.model import Model
from localr1.engine.worker.orders import Orders
from localr1.message import FinishReason, Message, Role
from tests.engine.asking import RAMBLING, ask, assistant, engine_of, user
from tests.engine.fake_worker import fake_worker
from tests.engine.processes import WAIT_SECONDS
from tests.engine.sessions import QUESTION, Opener, run

ANSWER = "47 + 85 = 132."
ASKED = user(QUESTION)
SAID = (ASKED, assistant(ANSWER))
REPLY_MARKS = 3
"""Tokens of nano's template after a question: the assistant's mark, the thinking tag and a line end."""
LONG = (user("one two three four " * 20), assistant("five six seven eight " * 20))


async def prepare(engine: Engine, *messages: ChatMessage) -> Prepared:
    prepared = await asyncio.wait_for(engine.prepare(messages), WAIT_SECONDS)
    assert prepared
    return prepared


@pytest.mark.parametrize("question", ["Now add 5.", "\n\n 7?", "<think>", "ß and 🦉"])
def test_every_next_prompt_begins_with_what_is_known_of_it(nano_model: Model, question: str) -> None:
    known = nano_model.prompts.known_tokens(SAID)
    assert nano_model.prompts.tokens([*SAID, user(question)], "")[: len(known)] == known
    assert len(known) > len(nano_model.prompts.tokens([ASKED], "")) + len(ANSWER) - REPLY_MARKS


@pytest.mark.parametrize("question", ["Now add 5.", "1, 2 and 3?", "Über"])
def test_words_that_could_merge_with_the_template_leave_what_is_known_as_it_is(
    smollm2_model: Model, question: str
) -> None:
    known = smollm2_model.prompts.known_tokens(SAID)
    assert smollm2_model.prompts.tokens([*SAID, user(question)], "")[: len(known)] == known


async def test_after_it_a_question_evaluates_itself_and_the_marks_around_it(nano_engine: Engine) -> None:
    first = (await ask(nano_engine, ASKED)).done
    prepared = await prepare(nano_engine, *SAID)
    kept = first.prompt_tokens - REPLY_MARKS + 1  # the assistant's mark stays
    assert prepared.evaluated_tokens == prepared.known_tokens - kept
    second = (await ask(nano_engine, *SAID, user("Now add 5."))).done
    assert second.evaluated_tokens == len("Now add 5.") + REPLY_MARKS
    assert second.prompt_tokens == prepared.known_tokens + second.evaluated_tokens


async def test_what_was_prepared_is_not_prepared_again(nano_engine: Engine) -> None:
    await prepare(nano_engine, *SAID)
    assert (await prepare(nano_engine, *SAID)).evaluated_tokens == 0


async def test_it_changes_no_reply(nano_engine: Engine) -> None:
    asked = (*SAID, user("Now add 5."))
    undisturbed = await ask(nano_engine, *asked)
    await prepare(nano_engine, *SAID)
    assert (await ask(nano_engine, *asked)).text == undisturbed.text


async def test_what_leaves_no_room_for_a_reply_is_not_prepared(engine: Engine, nano: Path) -> None:
    await engine.load(nano, context=512)
    prepared = await prepare(engine, user("7" * 300), assistant("8"))
    assert (prepared.known_tokens, prepared.evaluated_tokens) == (0, 0)


async def test_without_a_model_there_is_nothing_to_prepare(engine: Engine) -> None:
    assert await engine.prepare(SAID) is None


async def test_nothing_is_prepared_while_a_reply_is_running(nano_engine: Engine) -> None:
    async with aclosing(nano_engine.generate(Generate((ASKED,), RAMBLING))) as reply:
        async for report in reply:
            if isinstance(report, Piece):
                assert await nano_engine.prepare(SAID) is None
                await nano_engine.cancel()


def test_another_request_ends_it_and_what_was_evaluated_stays(smollm2_model: Model) -> None:
    orders = Orders(AbortFlag())
    reports: list[Report] = []

    def send(report: Report) -> None:
        reports.append(report)
        orders.expect(2)

    generator = Generator(smollm2_model, orders, send)
    orders.begin(1, gives_way=True)
    generator.prepare(Prepare(id=1, messages=LONG))
    begun, ended = reports
    assert isinstance(begun, Evaluated)
    assert ended == Prepared(id=1, known_tokens=begun.total, evaluated_tokens=begun.done)
    assert begun.done < begun.total
    orders.end(1)
    orders.begin(3, gives_way=True)
    generator.prepare(Prepare(id=3, messages=LONG))
    assert reports[-1] == Prepared(id=3, known_tokens=begun.total, evaluated_tokens=begun.total - begun.done)


def test_it_is_not_even_begun_when_another_request_waits(smollm2_model: Model) -> None:
    orders = Orders(AbortFlag())
    reports: list[Report] = []
    orders.expect(2)
    orders.begin(1, gives_way=True)
    Generator(smollm2_model, orders, reports.append).prepare(Prepare(id=1, messages=LONG))
    assert reports == [Prepared(id=1)]


async def test_a_question_ends_it_and_is_answered_as_ever(engine: Engine, smollm2: Path) -> None:
    await engine.load(smollm2, context=4096)
    undisturbed = await ask(engine, ASKED, max_tokens=8)
    worker = engine.pid
    preparing = asyncio.create_task(engine.prepare(LONG))
    await asyncio.sleep(0)
    assert (await ask(engine, ASKED, max_tokens=8)).text == undisturbed.text
    assert await asyncio.wait_for(preparing, WAIT_SECONDS)
    assert engine.pid == worker


async def test_a_model_can_be_loaded_meanwhile(engine: Engine, smollm2: Path, nano: Path) -> None:
    await engine.load(smollm2, context=4096)
    preparing = asyncio.create_task(engine.prepare(LONG))
    await asyncio.sleep(0)
    assert (await asyncio.wait_for(engine.load(nano), WAIT_SECONDS)).architecture == "qwen2"
    assert await asyncio.wait_for(preparing, WAIT_SECONDS)


async def test_nothing_is_counted_meanwhile(tmp_path: Path, nano: Path) -> None:
    command = fake_worker("ready(); load(); hear(); hang()")
    async with engine_of(tmp_path, command) as engine:
        await engine.load(nano)
        preparing = asyncio.create_task(engine.prepare(SAID))
        await asyncio.sleep(0)
        assert await asyncio.wait_for(engine.count("Hi"), WAIT_SECONDS) is None
        preparing.cancel()


async def test_the_end_of_the_worker_ends_it(tmp_path: Path, nano: Path) -> None:
    async with engine_of(tmp_path, fake_worker("ready(); load(); hear(); os._exit(1)")) as engine:
        await engine.load(nano)
        assert await asyncio.wait_for(engine.prepare(SAID), WAIT_SECONDS) is None


async def test_a_chat_that_stays_open_prepares_its_next_turn(opener: Opener, nano: Path) -> None:
    session = opener(nano, stays=True)
    await run(session.send(QUESTION))
    await asyncio.wait_for(session.rest(), WAIT_SECONDS)
    second = await run(session.send("Now add 5."))
    assert second.stats
    assert second.stats.evaluated_tokens == len("Now add 5.") + REPLY_MARKS


async def test_a_chat_that_is_left_prepares_nothing(opener: Opener, nano: Path) -> None:
    session = opener(nano)
    first = await run(session.send(QUESTION))
    await session.rest()
    second = await run(session.send("Now add 5."))
    assert first.text == ANSWER
    assert second.stats
    assert second.stats.evaluated_tokens > len("Now add 5.") + len(ANSWER)


async def test_nothing_is_prepared_after_a_reply_that_may_go_on(
    opener: Opener, engine: Engine, nano: Path
) -> None:
    session = opener(nano, Config(temperature=0, max_tokens=5), stays=True)
    cut = await run(session.send(QUESTION))
    await asyncio.wait_for(session.rest(), WAIT_SECONDS)
    assert cut.finish_reason is FinishReason.LENGTH
    assert (await ask(engine, ASKED, max_tokens=1)).done.evaluated_tokens == 1


async def test_a_turn_waits_for_no_preparation(opener: Opener, smollm2: Path) -> None:
    session = opener(smollm2, Config(temperature=0, context=2048), stays=True)
    await run(session.send("Say one word."))
    reply = await asyncio.wait_for(run(session.send("And another.")), WAIT_SECONDS)
    assert reply.finish_reason is FinishReason.STOP


async def test_when_it_has_been_ended_the_worker_is_done_with_it(tmp_path: Path, nano: Path) -> None:
    heard = tmp_path / "heard"
    command = fake_worker(f"""
        ready()
        load()
        requests = [hear() for _ in range(3)]
        open({str(heard)!r}, "w").write(" ".join(request["type"] for request in requests))
        say("counted", id=requests[-1]["id"], tokens=0)
        hang()
    """)
    question = Message(1, 1, None, Role.USER, QUESTION, 0.0)
    reply = Message(2, 1, 1, Role.ASSISTANT, ANSWER, 0.0, finish_reason=FinishReason.STOP)
    async with engine_of(tmp_path, command) as engine:
        await engine.load(nano)
        preparation = Preparation(engine, None, stays=True)
        preparation.begin([question, reply], "", InstructionsPlace.SYSTEM, None)
        await asyncio.sleep(0)
        await asyncio.wait_for(preparation.end(), WAIT_SECONDS)
        assert heard.read_text() == "prepare cancel count"
