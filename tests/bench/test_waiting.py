"""How fast tokens come when OpenMP's threads spin and when they sleep, alone and beside a busy process.

.venv/bin/pytest -m bench -s tests/bench/test_waiting.py
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.protocol import ChatMessage, Done
from localr1.sampling import Sampling

ROUNDS = 5
TOKENS = 64
POLICIES = ("active", "passive")


@pytest.mark.bench
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("threads", sorted({1, os.cpu_count() or 1}))
@pytest.mark.parametrize("model", ["nano", "smollm2"])
async def test_print_the_speed_of_each_policy(
    model: str, threads: int, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The policies in turn within each round, so that a change of the machine meets both."""
    path: Path = request.getfixturevalue(model)
    print(f"\n{model}, threads: {threads}; median tok/s of {TOKENS} tokens, {ROUNDS} rounds")
    for busy in (False, True):
        speeds: dict[str, list[float]] = {policy: [] for policy in POLICIES}
        with _busy_process() if busy else contextlib.nullcontext():
            for _ in range(ROUNDS):
                for policy in POLICIES:
                    monkeypatch.setenv("OMP_WAIT_POLICY", policy)
                    speeds[policy].append(await _speed(path, threads, tmp_path))
        active, passive = (statistics.median(speeds[policy]) for policy in POLICIES)
        where = "beside a busy process" if busy else "alone"
        print(f"  {where:22} active {active:7.1f}   passive {passive:7.1f}   ratio {passive / active:.2f}")


@contextlib.contextmanager
def _busy_process() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


async def _speed(path: Path, threads: int, directory: Path) -> float:
    async with Engine.start(directory / "engine.log") as engine:
        await engine.load(path, threads=threads)
        question = [ChatMessage("user", "What is 4711 + 8512?")]
        async for report in engine.generate(question, sampling=Sampling(temperature=0), max_tokens=TOKENS):
            if isinstance(report, Done):
                return report.generated_tokens / report.generation_seconds
    raise AssertionError("The reply did not end.")
