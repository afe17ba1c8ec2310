"""How fast a reply comes out of `localr1 ask`, against llama.cpp itself and llama-cpp-python's own stream.

.venv/bin/pytest -m bench -s tests/bench/test_generation.py
LLAMA_BENCH=/path/to/llama-bench adds llama.cpp's own benchmark, LLAMA_CLI=/path/to/llama-cli its own chat
(docs/performance.md says how they are built).
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.bench.bare import PROMPT
from tests.bench.rounds import in_turn, ratio

PROGRAM = Path(sys.executable).with_name("localr1")
THREADS = os.cpu_count() or 1
ROUNDS = {128: 9, 4096: 3}


@pytest.mark.bench
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("tokens", ROUNDS)
@pytest.mark.usefixtures("home")
def test_print_the_speed_of_a_reply_by_each_way(tokens: int, smollm2: Path) -> None:
    """The bare loop stands there twice, which shows what the noise of the machine makes of a ratio."""
    context = tokens + 256
    ways: dict[str, Callable[[], float]] = {
        "bare loop": partial(_other, "bare", smollm2, tokens, context),
        "bare loop, once more": partial(_other, "bare", smollm2, tokens, context),
        "localr1 ask": partial(_ask, smollm2, tokens, context, "0"),
        "localr1 ask, threads fixed": partial(_ask, smollm2, tokens, context, str(THREADS)),
        "create_chat_completion": partial(_other, "high-level", smollm2, tokens, context),
    }
    if program := os.environ.get("LLAMA_BENCH"):
        ways["llama-bench"] = partial(_llama_bench, program, smollm2, tokens)
    if program := os.environ.get("LLAMA_CLI"):
        ways["llama-cli"] = partial(_llama_cli, program, smollm2, tokens, context)
    speeds = in_turn(ways, ROUNDS[tokens])
    bare = speeds["bare loop"]
    print(f"\n{smollm2.stem}, {tokens:,} tokens, {THREADS} cores, {ROUNDS[tokens]} rounds; goal 0.97")
    print(f"{'':28}{'median tok/s':>13}{'min':>8}{'max':>8}{'of the bare loop':>18}")
    for name, values in speeds.items():
        median = statistics.median(values)
        print(f"{name:28}{median:13.1f}{min(values):8.1f}{max(values):8.1f}{ratio(values, bare):18.2f}")


def _other(way: str, path: Path, tokens: int, context: int) -> float:
    command = [
        sys.executable,
        "-m",
        "tests.bench.bare",
        way,
        str(path),
        str(tokens),
        str(THREADS),
        str(context),
    ]
    environment = {"GOMP_SPINCOUNT": "1000", **os.environ}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=900)
    return float(done.stdout)


def _ask(path: Path, tokens: int, context: int, threads: str) -> float:
    """Tokens a second as they come out of the pipe, the store and the splitter on their way."""
    command = [str(PROGRAM), "ask", "-m", str(path), "--format", "jsonl", "--temperature", "0"]
    command += ["--max-tokens", str(tokens), "--context", str(context), PROMPT]
    environment = {**os.environ, "LOCALR1_THREADS": threads, "LOCALR1_LOOP_BREAKER": "false"}
    environment |= {"LOCALR1_SPECULATION": "off"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        arrivals = [(time.perf_counter(), json.loads(line)) for line in process.stdout]
    texts = [(at, event["tokens"]) for at, event in arrivals if event["type"] == "answer"]
    (begin, first), (end, last) = texts[0], texts[-1]
    return float((last - first) / (end - begin))


def _llama_bench(program: str, path: Path, tokens: int) -> float:
    command = [
        program,
        "-m",
        str(path),
        "-p",
        "0",
        "-n",
        str(tokens),
        "-t",
        str(THREADS),
        "-r",
        "1",
        "-o",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, check=True, timeout=900)
    return float(json.loads(done.stdout)[0]["avg_ts"])


def _llama_cli(program: str, path: Path, tokens: int, context: int) -> float:
    """As it says itself, after one turn."""
    command = [program, "-m", str(path), "-p", PROMPT, "-n", str(tokens), "-c", str(context)]
    command += ["-t", str(THREADS), "--temp", "0", "--ignore-eos", "--single-turn", "--simple-io"]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=900
    )
    speed = re.search(r"Generation: ([\d.]+) t/s", done.stdout)
    assert speed, done.stdout
    return float(speed[1])
