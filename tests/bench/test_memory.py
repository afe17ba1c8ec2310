"""What localr1 takes of memory, and what the cache's type, the way of attention and growing cost in time.

.venv/bin/pytest -m bench -s tests/bench/test_memory.py
BENCH_MODEL=/path/to/model.gguf takes that model in place of SmolLM2; for one of the 1.5B's shape:
.venv/bin/python -m tests.bench.shaped_model /tmp/shaped.gguf
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from localr1.engine.limits import BATCH, FIRST_CONTEXT
from localr1.engine.worker.bindings import AbortFlag, llama
from localr1.engine.worker.cache import Cache
from localr1.engine.worker.context import Context
from tests.bench.deep import ASKED
from tests.engine.asking import RAMBLING, ask, engine_of, user
from tests.engine.conftest import open_model
from tests.engine.processes import peak_memory
from tests.tui.terminal import localr1

PROGRAM = Path(sys.executable).with_name("localr1")
WORDS = 64
"""Tokens of a short prompt, about."""
QUESTION = "Tell me a very long story about a crab who learns to sing."
THREADS = os.cpu_count() or 1
ROUNDS = 3
TOKENS = 64
DEPTHS = (256, 1024, 4096)
WAYS = (("f16", "on"), ("f16", "off"), ("q8_0", "on"))
"""Type of the cache, flash attention; q8_0 can't do without it."""
MIB = 2**20

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]


@pytest.fixture
def model(smollm2: Path) -> Path:
    """What is measured."""
    return Path(os.environ.get("BENCH_MODEL", smollm2))


async def test_print_what_the_front_ends_and_the_worker_take(home: Path, model: Path, tmp_path: Path) -> None:
    rows = [("the chat, open", _chat(home), 120), ("ask, while it answers", _ask(model), 120)]
    beyond = await _worker(model, tmp_path) - _bare(model)
    rows.append(("the worker, above the bare loop", beyond, 60))
    print(f"\n{'':36}{'peak MiB':>10}{'goal':>8}{'ratio':>8}")
    for name, size, goal in rows:
        print(f"{name:36}{size / MIB:10.1f}{goal:8}{size / MIB / goal:8.2f}")


def _chat(home: Path) -> int:
    with localr1(home) as terminal:
        terminal.wait_for("sk anything")
        return peak_memory(terminal.process.pid)


def _ask(model: Path) -> int:
    """Seen at each line of the answer."""
    command = [
        str(PROGRAM),
        "ask",
        "-m",
        str(model),
        "--max-tokens",
        str(TOKENS),
        "--format",
        "jsonl",
        QUESTION,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        return max(peak_memory(process.pid) for line in process.stdout if b'"answer"' in line)


async def _worker(model: Path, directory: Path) -> int:
    """A reply of as many tokens as the bare loop makes, in as much context."""
    async with engine_of(directory) as engine:
        await engine.load(model, context=FIRST_CONTEXT, threads=THREADS)
        await ask(engine, user(QUESTION), sampling=RAMBLING, max_tokens=TOKENS)
        assert engine.pid
        return peak_memory(engine.pid)


def _bare(model: Path) -> int:
    return int(_deep(model, WAYS[0], WORDS, FIRST_CONTEXT)[-1])


def test_print_what_the_types_of_the_cache_cost(model: Path) -> None:
    """The ways in turn within each round, each in a process of its own."""
    print(f"\n{model.stem}, {THREADS} threads, {ROUNDS} rounds; ratios to f16 with flash attention")
    titles = ("prompt tok/s", "reply tok/s", f"{ASKED} tokens, s")
    print(f"{'':16}{'behind':>8}" + "".join(f"{title:>15}{'ratio':>7}" for title in titles), end="")
    print(f"{'peak MiB':>10}")
    for depth in DEPTHS:
        runs: dict[tuple[str, str], list[list[float]]] = {way: [] for way in WAYS}
        for _ in range(ROUNDS):
            for way in WAYS:
                runs[way].append(_deep(model, way, depth, depth + TOKENS + ASKED))
        medians = {
            way: [statistics.median(column) for column in zip(*runs[way], strict=True)] for way in WAYS
        }
        usual = medians[WAYS[0]]
        for (cache_type, flash), (*times, size) in medians.items():
            columns = "".join(
                f"{time:15.3f}{time / other:7.2f}" for time, other in zip(times, usual, strict=False)
            )
            print(f"{f'{cache_type}, flash {flash}':16}{depth:8,}{columns}{size / MIB:10.1f}")


def _deep(model: Path, way: tuple[str, str], depth: int, context: int) -> list[float]:
    command = [sys.executable, "-m", "tests.bench.deep", str(model), *way]
    command += [str(depth), str(TOKENS), str(THREADS), str(context)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=900, env=_environment())
    return list(map(float, done.stdout.split()))


def test_print_how_long_growing_takes(model: Path) -> None:
    """From each size to twice as much, the smaller one full."""
    loaded = open_model(model)
    params = llama.llama_context_default_params()
    params.n_ctx, params.n_batch = 16_384, BATCH
    context = Context(loaded._handle, params, AbortFlag(), lambda: sys.maxsize)
    cache = Cache(context)
    print(f"\n{model.stem}\n{'tokens':>8}{'then':>8}{'seconds':>10}")
    while context.size < context.most:
        before = context.size
        cache.extend([7] * (before - len(cache)))
        started = time.perf_counter()
        cache.reserve(before + 1)
        print(f"{before:8,}{context.size:8,}{time.perf_counter() - started:10.3f}")
    context.close()
    loaded.close()


def _environment() -> dict[str, str]:
    return {"GOMP_SPINCOUNT": "1000", **os.environ}
