"""Workers that die, hang or talk nonsense: each is told in one sentence, and the next message works."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.process import Patience
from localr1.engine.reports import Piece
from localr1.engine.requests import Generate
from localr1.errors import EngineError
from localr1.sampling import Sampling
from tests.engine.asking import RAMBLING, ask, engine_of, until, user
from tests.engine.fake_worker import fake_worker
from tests.engine.processes import WAIT_SECONDS

QUESTION = user("Hi")


async def interrupt(engine: Engine, act: Callable[[int], None]) -> EngineError:
    """Do something to the worker at the first piece of a reply; how the reply ended."""
    with pytest.raises(EngineError) as ended:
        async with aclosing(engine.generate(Generate((QUESTION,), RAMBLING))) as reply:
            async for report in reply:
                if isinstance(report, Piece) and engine.pid:
                    act(engine.pid)
    assert ended.value.exit_code == 4
    return ended.value


@pytest.mark.parametrize("name", ["SIGKILL", "SIGABRT", "SIGBUS", "SIGSEGV", "SIGILL", "SIGTERM"])
async def test_a_worker_that_dies_is_named_by_its_signal_and_starts_again(
    tmp_path: Path, smollm2: Path, name: str
) -> None:
    async with engine_of(tmp_path) as engine:
        await engine.load(smollm2, context=512)
        first = engine.pid
        error = await interrupt(engine, lambda pid: os.kill(pid, getattr(signal, name)))
        assert name in error.message
        assert error.hint
        await engine.load(smollm2, context=512)
        assert (await ask(engine, QUESTION, max_tokens=2)).done.generated_tokens == 2
        assert engine.pid != first


async def test_a_death_by_a_signal_without_a_name_is_told_by_its_number(tmp_path: Path, nano: Path) -> None:
    command = fake_worker("ready(); load(); hear(); os.kill(os.getpid(), signal.SIGRTMIN + 3)")
    async with engine_of(tmp_path, command) as engine:
        await engine.load(nano)
        with pytest.raises(EngineError, match="signal 37"):
            await ask(engine, QUESTION)


async def test_a_worker_that_died_between_two_messages_is_not_noticed(tmp_path: Path, nano: Path) -> None:
    async with engine_of(tmp_path) as engine:
        await engine.load(nano)
        assert engine.pid
        os.kill(engine.pid, signal.SIGKILL)
        await until(lambda: engine.pid is None)
        await engine.load(nano)
        assert (await ask(engine, QUESTION, max_tokens=2)).done.generated_tokens == 2


async def test_a_worker_that_dies_between_loading_and_asking_is_told(tmp_path: Path, nano: Path) -> None:
    async with engine_of(tmp_path, fake_worker("ready(); load()")) as engine:
        await engine.load(nano)
        await until(lambda: engine.pid is None)
        with pytest.raises(EngineError, match="ended with code 0 while answering"):
            await ask(engine, QUESTION)


async def test_two_deaths_in_a_row_on_one_model_are_said_once_and_then_it_is_tried_again(
    tmp_path: Path, nano: Path, smollm2: Path
) -> None:
    loads = tmp_path / "loads"
    command = fake_worker(f"""
        ready()
        hear()
        open({str(loads)!r}, "a").write("x")
        os.abort()
    """)
    async with engine_of(tmp_path, command) as engine:
        for _ in range(2):
            with pytest.raises(EngineError, match=r"SIGABRT.*while loading nano"):
                await engine.load(nano)
        with pytest.raises(EngineError, match="died 2 times in a row on nano"):
            await engine.load(nano)
        assert loads.read_text() == "xx"
        with pytest.raises(EngineError, match="while loading SmolLM2"):
            await engine.load(smollm2)
        with pytest.raises(EngineError, match="while loading nano"):
            await engine.load(nano)
        assert loads.read_text() == "xxxx"


async def test_a_reply_that_ends_well_forgives_an_earlier_death(tmp_path: Path, nano: Path) -> None:
    async with engine_of(tmp_path) as engine:
        for _ in range(3):
            await engine.load(nano)
            await interrupt(engine, lambda pid: os.kill(pid, signal.SIGKILL))
            await engine.load(nano)
            await ask(engine, QUESTION, max_tokens=1)


async def test_a_stopped_worker_is_found_by_its_missing_heartbeat_and_killed(
    tmp_path: Path, smollm2: Path
) -> None:
    async with engine_of(tmp_path, patience=Patience(heartbeat=3)) as engine:
        await engine.load(smollm2, context=512)
        error = await interrupt(engine, lambda pid: os.kill(pid, signal.SIGSTOP))
        assert "stopped responding while answering" in error.message
        await engine.load(smollm2, context=512)
        assert (await ask(engine, QUESTION, max_tokens=1)).done.generated_tokens == 1


async def test_a_worker_whose_heart_beats_is_waited_for(tmp_path: Path, nano: Path) -> None:
    command = fake_worker("""
        ready()
        request = hear()
        for _ in range(6):
            time.sleep(0.5)
            say("heartbeat")
        say("loaded", id=request["id"], model=INFO)
        hang()
    """)
    async with engine_of(tmp_path, command, Patience(heartbeat=2)) as engine:
        assert (await engine.load(nano)).name == "fake"


async def test_a_silent_worker_is_left_alone_while_nobody_waits_for_it(tmp_path: Path, nano: Path) -> None:
    command = fake_worker("ready(); load(); hear(); time.sleep(3); say('heartbeat'); hang()")
    async with engine_of(tmp_path, command, Patience(heartbeat=1)) as engine:
        await engine.load(nano)
        worker = engine.pid
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(until(lambda: engine.pid != worker), 2.5)


async def test_a_worker_that_never_gets_ready_is_given_up(tmp_path: Path, nano: Path) -> None:
    async with engine_of(tmp_path, fake_worker("hang()"), Patience(start=1)) as engine:
        with pytest.raises(EngineError, match="did not start within 1 s") as given_up:
            await engine.load(nano)
        assert "einstall" not in given_up.value.hint


async def test_a_program_that_is_not_there_is_told(tmp_path: Path, nano: Path) -> None:
    async with engine_of(tmp_path, [str(tmp_path / "absent")]) as engine:
        for _ in range(2):
            with pytest.raises(EngineError, match="can't be started"):
                await engine.load(nano)


NONSENSE = {
    "garbage": "print('hello'); sys.stdout.flush(); hang()",
    "binary": "sys.stdout.buffer.write(bytes(range(256)) + b'\\n'); sys.stdout.flush(); hang()",
    "no object": "print('[1, 2]'); sys.stdout.flush(); hang()",
    "an unknown type": "say('surprise'); hang()",
    "a missing field": "say('ready'); hang()",
    "an endless line": "while True: sys.stdout.write('x' * 2**20)",
}


@pytest.mark.parametrize("behaviour", NONSENSE.values(), ids=NONSENSE.keys())
async def test_a_worker_that_starts_with_nonsense_is_ended(
    tmp_path: Path, nano: Path, behaviour: str
) -> None:
    async with engine_of(tmp_path, fake_worker(behaviour)) as engine:
        with pytest.raises(EngineError, match="spoke nonsense while it was starting"):
            await asyncio.wait_for(engine.load(nano), WAIT_SECONDS)
        assert engine.pid is None


@pytest.mark.parametrize("behaviour", NONSENSE.values(), ids=NONSENSE.keys())
async def test_a_worker_that_answers_with_nonsense_is_ended(
    tmp_path: Path, nano: Path, behaviour: str
) -> None:
    async with engine_of(tmp_path, fake_worker(f"ready(); load(); hear()\n{behaviour}")) as engine:
        await engine.load(nano)
        with pytest.raises(EngineError, match="spoke nonsense while answering"):
            await asyncio.wait_for(ask(engine, QUESTION), WAIT_SECONDS)
        assert (await engine.load(nano)).name == "fake"


async def test_a_worker_of_another_version_is_ended(tmp_path: Path, nano: Path) -> None:
    async with engine_of(tmp_path, fake_worker("ready(version=99); hang()")) as engine:
        with pytest.raises(EngineError, match="spoke protocol 99 instead of 1"):
            await engine.load(nano)


@pytest.mark.parametrize("code", [0, 3])
async def test_a_worker_that_exits_at_once_is_told_with_its_code(
    tmp_path: Path, nano: Path, code: int
) -> None:
    async with engine_of(tmp_path, fake_worker(f"sys.exit({code})")) as engine:
        with pytest.raises(EngineError, match=f"ended with code {code} while it was starting"):
            await engine.load(nano)


async def test_a_worker_that_closes_its_pipe_and_lives_on_is_ended(tmp_path: Path, nano: Path) -> None:
    command = fake_worker("ready(); load(); hear(); os.close(1); hang()")
    async with engine_of(tmp_path, command) as engine:
        await engine.load(nano)
        with pytest.raises(EngineError, match="closed its pipe while answering"):
            await asyncio.wait_for(ask(engine, QUESTION), WAIT_SECONDS)


async def test_reports_for_another_request_are_dropped(tmp_path: Path, nano: Path) -> None:
    command = fake_worker("""
        ready()
        ready()
        load()
        id = hear()["id"]
        for other in (id - 1, id + 1):
            say("piece", id=other, text="wrong", tokens=1)
            say("done", id=other, finish_reason="stop")
            say("failed", id=other, kind="model", message="wrong")
            say("loaded", id=other, model=INFO)
        say("piece", id=id, text="right", tokens=1)
        say("done", id=id, finish_reason="stop")
        hang()
    """)
    async with engine_of(tmp_path, command) as engine:
        await engine.load(nano)
        assert (await ask(engine, QUESTION)).pieces == ["right"]


async def test_a_request_to_a_worker_that_reads_nothing_does_not_block_the_app(
    tmp_path: Path, nano: Path
) -> None:
    async with engine_of(tmp_path, fake_worker("ready(); load(); hang()"), Patience(heartbeat=2)) as engine:
        await engine.load(nano)
        with pytest.raises(EngineError, match="stopped responding"):
            await asyncio.wait_for(ask(engine, user("x" * 2**20)), WAIT_SECONDS)


async def test_a_request_that_the_worker_does_not_understand_is_no_reason_to_wait_for_ever(
    tmp_path: Path, nano: Path
) -> None:
    async with engine_of(tmp_path) as engine:
        await engine.load(nano)
        misfit = Sampling(seed="not a number")  # type: ignore[arg-type]
        with pytest.raises(EngineError, match="did not understand a request while answering"):
            await asyncio.wait_for(ask(engine, QUESTION, sampling=misfit), WAIT_SECONDS)


async def test_an_exception_in_the_worker_ends_it_as_what_it_is_and_not_as_an_abort(
    tmp_path: Path, nano: Path
) -> None:
    async with engine_of(tmp_path) as engine:
        await engine.load(nano)
        assert engine.pid
        os.kill(engine.pid, signal.SIGINT)  # Python's own way to raise something at any line
        await until(lambda: engine.pid is None)
        with pytest.raises(EngineError, match=r"died \(SIGINT\)"):
            await ask(engine, QUESTION)
    assert "KeyboardInterrupt" in (tmp_path / "engine.log").read_text()
