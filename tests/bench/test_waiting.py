"""How fast tokens come by how long OpenMP's threads spin before they sleep, alone and beside a busy process.

.venv/bin/pytest -m bench -s tests/bench/test_waiting.py
"""

from __future__ import annotations

import contextlib
import os
import statistics
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.reports import Done
from localr1.engine.requests import ChatMessage, Generate
from localr1.sampling import Sampling
from tests.bench.busy import busy_process

ROUNDS = 3
TOKENS = 64
SPINS = ("1", "1000", "300000")
"""Rounds of spinning: sleep at once, what localr1 sets, what OpenMP does by itself."""


@pytest.mark.bench
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("threads", sorted({1, os.cpu_count() or 1}))
@pytest.mark.parametrize("model", ["nano", "smollm2"])
async def test_print_the_speed_of_each_way_to_wait(
    model: str, threads: int, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings in turn within each round, so that a change of the machine meets all of them."""
    path: Path = request.getfixturevalue(model)
    print(
        f"\n{model}, threads: {threads}; median tok/s of {TOKENS} tokens, {ROUNDS} rounds, by GOMP_SPINCOUNT"
    )
    for busy in (False, True):
        speeds: dict[str, list[float]] = {spins: [] for spins in SPINS}
        with busy_process() if busy else contextlib.nullcontext():
            for _ in range(ROUNDS):
                for spins in SPINS:
                    monkeypatch.setenv("GOMP_SPINCOUNT", spins)
                    speeds[spins].append(await _speed(path, threads, tmp_path))
        medians = (f"{spins}: {statistics.median(speeds[spins]):.1f}" for spins in SPINS)
        print(f"  {'beside a busy process' if busy else 'alone':22}", "   ".join(medians))


async def _speed(path: Path, threads: int, directory: Path) -> float:
    async with Engine.start(directory / "engine.log") as engine:
        await engine.load(path, threads=threads)
        question = (ChatMessage("user", "What is 4711 + 8512?"),)
        async for report in engine.generate(Generate(question, Sampling(temperature=0), max_tokens=TOKENS)):
            if isinstance(report, Done):
                return report.generated_tokens / report.generation_seconds
    raise AssertionError("The reply did not end.")
