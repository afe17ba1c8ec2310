"""Threads that follow the machine against each fixed number of them, alone and beside a busy program.

.venv/bin/pytest -m bench -s tests/bench/test_threads.py
"""

from __future__ import annotations

import asyncio
import os
import statistics
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.reports import Done
from localr1.engine.requests import ChatMessage, Generate
from localr1.sampling import Sampling
from tests.bench.busy import busy_process
from tests.bench.rounds import in_turn, ratio

ROUNDS = 9
TOKENS = 300
CORES = os.cpu_count() or 1
FOLLOWING = "following"
"""What localr1 does by itself."""
ALL = f"{CORES} threads"
WAYS = {f"{number} threads": number for number in sorted({1, max(1, CORES // 2), CORES})}
WAYS |= {f"{ALL}, once more": CORES, FOLLOWING: 0}


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_print_the_speed_of_fixed_and_following_threads(smollm2: Path, tmp_path: Path) -> None:
    """All cores stand there twice, which shows what the noise of the machine makes of a ratio."""
    print(f"\nSmolLM2, {TOKENS} tokens, {ROUNDS} rounds; goals: alone 0.97 of the best fixed number,")
    print("beside one busy program 0.9 of it and 1.8 times all cores")
    ways = {name: partial(_speed, smollm2, number, tmp_path) for name, number in WAYS.items()}
    for busy in (False, True):
        with busy_process() if busy else nullcontext():
            speeds = in_turn(ways, ROUNDS)
        medians = {name: statistics.median(values) for name, values in speeds.items()}
        best = max(set(WAYS) - {FOLLOWING, f"{ALL}, once more"}, key=medians.__getitem__)
        print("beside a busy program" if busy else "alone", f"{'of ' + best:>40}{'of ' + ALL:>15}")
        for name, values in speeds.items():
            print(f"  {name:24}{medians[name]:8.1f} tok/s", end="")
            print(f"{ratio(values, speeds[best]):14.2f}{ratio(values, speeds[ALL]):15.2f}")


def _speed(model: Path, threads: int, directory: Path) -> float:
    """The second reply of an engine; the first one warms it up."""
    return asyncio.run(_second_speed(model, threads, directory))


async def _second_speed(model: Path, threads: int, directory: Path) -> float:
    async with Engine.start(directory / "engine.log") as engine:
        await engine.load(model, threads=threads)
        speed = 0.0
        for _ in range(2):
            question = (ChatMessage("user", "Write a long story about a crab who learns to sing."),)
            async for report in engine.generate(
                Generate(question, Sampling(temperature=0), max_tokens=TOKENS, endless=True)
            ):
                if isinstance(report, Done):
                    speed = report.generated_tokens / report.generation_seconds
        return speed
