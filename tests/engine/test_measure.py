"""Measuring with the real worker: what is timed was really computed, and a chat does not notice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from localr1.bench.bench import TEMPLATE_TOKENS, Trial, measure_model
from localr1.bench.run import measure_run, question_of
from localr1.engine.client import Engine
from localr1.engine.limits import DEFAULT_CONTEXT
from localr1.errors import UsageError
from localr1.paths import find_paths
from localr1.runtime import Runtime, open_runtime
from localr1.settings import Settings
from tests.engine.asking import ask, user


@pytest.fixture
async def runtime(home: Path) -> AsyncIterator[Runtime]:
    async with open_runtime(Settings(home / "config.toml"), find_paths(), temporary=True) as runtime:
        yield runtime


async def test_a_run_goes_on_where_the_model_would_have_ended(nano_engine: Engine) -> None:
    run = await measure_run(nano_engine, "What is 47 + 85?", 400)
    assert run.tokens == 400
    assert [count for count, _ in run.arrivals][-1] == 400
    times = [at for _, at in run.arrivals]
    assert times == sorted(times)
    assert run.seconds == times[-1]


async def test_a_question_has_about_the_tokens_that_are_wanted(nano_engine: Engine) -> None:
    counted = await nano_engine.count(await question_of(nano_engine, 200, 3))
    assert counted
    assert 190 <= counted <= 210


async def test_no_part_of_another_run_is_found_in_the_cache(nano_engine: Engine) -> None:
    first = await measure_run(nano_engine, await question_of(nano_engine, 100, 1), 2)
    second = await measure_run(nano_engine, await question_of(nano_engine, 100, 2), 2)
    assert abs(first.prompt_tokens - second.prompt_tokens) < 10


async def test_the_bare_loop_leaves_what_a_chat_has_evaluated(nano_engine: Engine) -> None:
    question = user("What is 47 + 85?")
    await ask(nano_engine, question)
    measured = await nano_engine.measure(50, 20)
    assert measured
    assert measured.prompt_seconds > 0
    assert measured.generation_seconds > 0
    again = await ask(nano_engine, question)
    assert again.done.evaluated_tokens == 1


async def test_without_a_model_nothing_is_measured(engine: Engine) -> None:
    assert await engine.measure(50, 20) is None


async def test_a_bench_warms_up_then_runs_as_often_as_it_was_told(runtime: Runtime) -> None:
    told: list[int] = []
    trial = Trial(prompt_tokens=60, tokens=20, repeat=2, compare=True)
    measured = await measure_model(runtime.session(), runtime.engine, trial, told.append)
    assert told == [0, 1, 2]
    assert len(measured.runs) == 2
    assert measured.model == "nano"
    assert measured.limit
    assert min(measured.prompt_speed, measured.speed, measured.limit.speed) > 0
    assert measured.engine_memory > measured.size


async def test_what_does_not_fit_the_context_is_refused_with_the_option_that_helps(runtime: Runtime) -> None:
    trial = Trial(prompt_tokens=900_000)
    with pytest.raises(UsageError, match="do not fit a context of") as error:
        await measure_model(runtime.session(), runtime.engine, trial, lambda _: None)
    assert "--context 900" in error.value.hint


def test_what_is_measured_by_itself_fits_the_context_that_comes_by_itself() -> None:
    assert Trial().prompt_tokens + Trial().tokens + TEMPLATE_TOKENS <= DEFAULT_CONTEXT
