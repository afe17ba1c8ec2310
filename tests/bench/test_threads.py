"""Threads that follow the machine against each fixed number of them, alone and beside a busy program.

.venv/bin/pytest -m bench -s tests/bench/test_threads.py
"""

from __future__ import annotations

import os
import statistics
from contextlib import nullcontext
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.reports import Done
from localr1.engine.requests import ChatMessage, Generate
from localr1.sampling import Sampling
from tests.bench.busy import busy_process

ROUNDS = 5
TOKENS = 300
CORES = os.cpu_count() or 1
FOLLOWING = 0
"""What localr1 does by itself."""
NUMBERS = (*sorted({1, max(1, CORES // 2), CORES}), FOLLOWING)


@pytest.mark.bench
@pytest.mark.timeout(3600)
async def test_print_the_speed_of_fixed_and_following_threads(smollm2: Path, tmp_path: Path) -> None:
    """The numbers in turn within each round; the first reply of each engine warms it up."""
    print(f"\nSmolLM2, {TOKENS} tokens, {ROUNDS} rounds; goals: alone 0.97 of the best fixed number,")
    print("beside one busy program 0.9 of it and 1.8 times all cores")
    for busy in (False, True):
        speeds: dict[int, list[float]] = {number: [] for number in NUMBERS}
        with busy_process() if busy else nullcontext():
            for _ in range(ROUNDS):
                for number in NUMBERS:
                    speeds[number].append(await _speed(smollm2, number, tmp_path))
        medians = {number: statistics.median(values) for number, values in speeds.items()}
        following = medians.pop(FOLLOWING)
        print("beside a busy program" if busy else "alone")
        for number, median in medians.items():
            print(f"  {number:3} threads {median:8.1f} tok/s")
        best = max(medians.values())
        print(f"  following   {following:8.1f} tok/s", end="")
        print(f"   {following / best:.2f} of the best, {following / medians[CORES]:.2f} of all cores")


async def _speed(model: Path, threads: int, directory: Path) -> float:
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
