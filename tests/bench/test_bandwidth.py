"""The speed that is estimated from the bandwidth of memory, beside the speed that a reply really has.

.venv/bin/pytest -m bench -s tests/bench/test_bandwidth.py
"""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.reports import Done
from localr1.engine.requests import ChatMessage, Generate
from localr1.fit.bandwidth import BUFFER, measure_bandwidth
from localr1.fit.machine import Machine
from localr1.fit.need import need_of
from localr1.fit.shape import shape_of
from localr1.fit.verdict import fit_of
from localr1.gguf.header import read_header
from localr1.sampling import Sampling

ROUNDS = 3
TOKENS = 64
CONTEXT = 512
MODELS = "LOCALR1_BENCH_MODELS"
"""More models to try: paths, with a colon between two."""


@pytest.mark.bench
@pytest.mark.timeout(1800)
async def test_print_the_estimated_speed_beside_the_real_one(
    nano: Path, smollm2: Path, tmp_path: Path
) -> None:
    """With as many threads as this process may use cores."""
    cores = len(os.sched_getaffinity(0))
    started = time.perf_counter()
    bandwidth = measure_bandwidth(cores)
    seconds = time.perf_counter() - started
    machine = Machine(0, 0, cores, bandwidth=bandwidth)
    print(f"\n{cores} cores read {bandwidth / 1e9:.1f} GB/s ({BUFFER / 2**20:.0f} MiB, {seconds:.2f} s)")
    print(f"{'':40}{'estimate':>10}{'real':>10}   tok/s, median of {ROUNDS} replies of {TOKENS} tokens")
    for path in (nano, smollm2, *map(Path, filter(None, os.environ.get(MODELS, "").split(":")))):
        real = statistics.median([await _speed(path, tmp_path) for _ in range(ROUNDS)])
        print(f"{path.name:40}{_estimate(path, machine):10.1f}{real:10.1f}")


def _estimate(path: Path, machine: Machine) -> float:
    header = read_header(path)
    shape = shape_of(header)
    assert shape
    need = need_of(shape, header.size - header.data_offset, CONTEXT)
    return fit_of(need, machine).tokens_per_second or 0.0


async def _speed(path: Path, directory: Path) -> float:
    async with Engine.start(directory / "engine.log") as engine:
        await engine.load(path, context=CONTEXT)
        question = (ChatMessage("user", "What is 4711 + 8512?"),)
        async for report in engine.generate(Generate(question, Sampling(temperature=0), max_tokens=TOKENS)):
            if isinstance(report, Done):
                return report.generated_tokens / report.generation_seconds
    raise AssertionError("The reply did not end.")
