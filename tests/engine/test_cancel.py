"""Stopping a load, a long prompt and a reply."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.reports import Done, Evaluated, Piece
from localr1.engine.requests import Generate
from localr1.errors import StoppedError
from tests.engine.asking import GREEDY, RAMBLING, ask, engine_of, until, user
from tests.engine.fake_worker import fake_worker
from tests.engine.processes import WAIT_SECONDS, ends

STORY = user("Tell me a very long story.")
QUESTION = user("Hi, who are you?")


@pytest.fixture
async def smollm2_engine(engine: Engine, smollm2: Path) -> Engine:
    """SmolLM2 with room for a prompt of some thousand tokens."""
    await engine.load(smollm2, context=8192)
    return engine


async def stop_at(
    engine: Engine, kind: type[Piece] | type[Evaluated], text: str
) -> tuple[list[object], Done]:
    """Cancel at the first report of a kind; what came, and how it ended."""
    reports: list[object] = []
    async with aclosing(engine.generate(Generate((user(text),), RAMBLING))) as reply:
        async for report in reply:
            if isinstance(report, Done):
                return reports, report
            if isinstance(report, kind) and kind not in map(type, reports):
                await engine.cancel()
            reports.append(report)
    raise AssertionError("there was no end")


async def test_a_reply_is_cancelled_in_its_middle_and_the_worker_lives_on(smollm2_engine: Engine) -> None:
    worker = smollm2_engine.pid
    reports, done = await stop_at(smollm2_engine, Piece, "Tell me a very long story.")
    assert done.finish_reason == "cancelled"
    assert done.generated_tokens >= 1
    assert any(isinstance(report, Piece) for report in reports)
    with pytest.raises(asyncio.TimeoutError):  # longer than it takes to end a worker by force
        await asyncio.wait_for(until(lambda: smollm2_engine.pid != worker), 2)


async def test_a_long_prompt_is_cancelled_within_it_and_counts_what_was_evaluated(
    smollm2_engine: Engine,
) -> None:
    worker = smollm2_engine.pid
    reports, done = await stop_at(smollm2_engine, Evaluated, "one two three four " * 1200)
    assert done.finish_reason == "cancelled"
    assert 0 < done.evaluated_tokens < done.prompt_tokens
    assert done.generated_tokens == 0
    assert done.prompt_seconds > 0
    assert not any(isinstance(report, Piece) for report in reports)
    assert smollm2_engine.pid == worker


async def test_what_a_cancelled_prompt_has_evaluated_is_not_evaluated_again(smollm2_engine: Engine) -> None:
    text = "one two three four " * 80
    _, first = await stop_at(smollm2_engine, Evaluated, text)
    second = (await ask(smollm2_engine, user(text), max_tokens=1)).done
    assert second.evaluated_tokens == second.prompt_tokens - first.evaluated_tokens


async def test_tokens_of_a_cancelled_reply_never_reach_the_next_one(smollm2_engine: Engine) -> None:
    undisturbed = await ask(smollm2_engine, QUESTION, max_tokens=12)
    await stop_at(smollm2_engine, Piece, "Tell me a very long story.")
    assert (await ask(smollm2_engine, QUESTION, max_tokens=12)).text == undisturbed.text


async def test_closing_a_reply_early_cancels_it(smollm2_engine: Engine) -> None:
    undisturbed = await ask(smollm2_engine, QUESTION, max_tokens=12)
    async with aclosing(smollm2_engine.generate(Generate((STORY,), RAMBLING))) as reply:
        async for report in reply:
            if isinstance(report, Piece):
                break
    # The context has room for minutes of that story; the next reply would wait for its end.
    again = await asyncio.wait_for(ask(smollm2_engine, QUESTION, max_tokens=12), WAIT_SECONDS)
    assert again.text == undisturbed.text


async def test_a_task_that_is_cancelled_while_it_waits_gives_its_reply_up(smollm2_engine: Engine) -> None:
    started = asyncio.Event()

    async def listen() -> None:
        async with aclosing(smollm2_engine.generate(Generate((STORY,), RAMBLING))) as reply:
            async for _ in reply:
                started.set()

    listener = asyncio.create_task(listen())
    await asyncio.wait_for(started.wait(), WAIT_SECONDS)
    listener.cancel()
    await asyncio.wait([listener], timeout=WAIT_SECONDS)
    assert listener.cancelled()
    assert (await asyncio.wait_for(ask(smollm2_engine, QUESTION, max_tokens=3), WAIT_SECONDS)).text


async def test_a_load_is_cancelled_and_the_next_one_works(engine: Engine, nano: Path, smollm2: Path) -> None:
    await engine.about()
    loading = asyncio.create_task(engine.load(smollm2))
    await asyncio.sleep(0)
    await engine.cancel()
    with pytest.raises(StoppedError, match="SmolLM2"):
        await loading
    assert (await engine.load(nano)).architecture == "qwen2"


async def test_a_load_that_is_cancelled_while_the_worker_still_starts_is_not_carried_out(
    tmp_path: Path, nano: Path
) -> None:
    heard = tmp_path / "heard"
    command = fake_worker(f"""
        ready()
        request, cancel = hear(), hear()
        open({str(heard)!r}, "w").write(request["type"] + " " + cancel["type"])
        say("failed", id=request["id"], kind="cancelled", message="")
        hang()
    """)
    async with engine_of(tmp_path, command) as engine:
        loading = asyncio.create_task(engine.load(nano))
        await asyncio.sleep(0)
        await engine.cancel()
        with pytest.raises(StoppedError):
            await loading
        assert heard.read_text() == "load cancel"


async def test_a_load_that_nobody_waits_for_any_more_is_given_up(tmp_path: Path, nano: Path) -> None:
    heard = tmp_path / "heard"
    command = fake_worker(f"""
        ready()
        request = hear()
        say("load_progress", id=request["id"], share=0.5)
        cancel = hear()
        open({str(heard)!r}, "w").write(cancel["type"] + str(cancel["id"] - request["id"]))
        os._exit(0)
    """)
    async with engine_of(tmp_path, command) as engine:
        worker = (await engine.about()) and engine.pid
        assert worker
        loading = asyncio.create_task(engine.load(nano))
        await until(lambda: engine.load_share is not None)
        loading.cancel()
        assert await asyncio.to_thread(ends, worker)
    assert heard.read_text() == "cancel0"


async def test_stopping_whoever_waits_for_the_worker_does_not_stop_its_start(
    tmp_path: Path, nano: Path
) -> None:
    async with engine_of(tmp_path, fake_worker("ready(); load(); hang()")) as engine:
        waiting = asyncio.create_task(engine.load(nano))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting], timeout=WAIT_SECONDS)
        await asyncio.wait_for(engine.close(), WAIT_SECONDS)
        assert (await engine.load(nano)).name == "fake"


@pytest.mark.parametrize("ignored", ["SIGUSR1", "SIGTERM"])
async def test_a_worker_that_is_deaf_to_a_cancel_is_ended_and_the_reply_counts_as_cancelled(
    tmp_path: Path, nano: Path, ignored: str
) -> None:
    command = fake_worker(f"""
        signal.signal(signal.{ignored}, signal.SIG_IGN)
        ready()
        load()
        say("piece", id=hear()["id"], text="one", tokens=1)
        hang()
    """)
    async with engine_of(tmp_path, command) as engine:
        for _ in range(2):
            await engine.load(nano)
            worker = engine.pid
            assert worker
            _, done = await asyncio.wait_for(stop_at(engine, Piece, "?"), WAIT_SECONDS)
            assert done.finish_reason == "cancelled"
            assert await asyncio.to_thread(ends, worker)
        # Deaths that the user wanted are not held against the model.
        assert (await engine.load(nano)).name == "fake"


async def test_a_load_that_hangs_is_ended_by_force_and_told_as_stopped(tmp_path: Path, nano: Path) -> None:
    command = fake_worker("""
        ready()
        say("load_progress", id=hear()["id"], share=0.5)
        hang()
    """)
    async with engine_of(tmp_path, command) as engine:
        loading = asyncio.create_task(engine.load(nano))
        await until(lambda: engine.load_share is not None)
        await engine.cancel()
        with pytest.raises(StoppedError):
            await asyncio.wait_for(loading, WAIT_SECONDS)
        assert engine.load_share is None


async def test_a_worker_that_never_gets_ready_is_ended_by_a_cancel(tmp_path: Path, nano: Path) -> None:
    async with engine_of(tmp_path, fake_worker("hang()")) as engine:
        loading = asyncio.create_task(engine.load(nano))
        await asyncio.sleep(0)
        await engine.cancel()
        with pytest.raises(StoppedError):
            await asyncio.wait_for(loading, WAIT_SECONDS)


async def test_a_cancel_that_comes_when_all_has_ended_ends_no_worker(nano_engine: Engine) -> None:
    worker = nano_engine.pid
    async with aclosing(nano_engine.generate(Generate((QUESTION,), GREEDY, max_tokens=1))) as reply:
        async for report in reply:
            if isinstance(report, Done):
                await nano_engine.cancel()
    await nano_engine.cancel()
    assert (await ask(nano_engine, QUESTION, max_tokens=1)).done.finish_reason == "length"
    assert nano_engine.pid == worker
