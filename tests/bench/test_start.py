"""How long whole commands take, from the start of the process to its end.

.venv/bin/pytest -m bench -s tests/bench/test_start.py
"""

from __future__ import annotations

import json
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from localr1.engine.standings import end_all

RUNS = 11
PROGRAM = str(Path(sys.executable).with_name("localr1"))
QUESTION = "What is 47 + 85?"
BARE, COLD, WARM = "bare Python", "ask, cold", "ask, warm"
CLIENT_COLD, CLIENT_WARM = "api.Client, cold", "api.Client, warm"
CLIENT = f"from localr1.api import Client\nwith Client(keep_warm={{!r}}) as client: client.ask({QUESTION!r})"
BATCH = f"echo '\"{QUESTION}\"' | {shlex.quote(PROGRAM)} batch --quiet --keep-warm {{}}"
COMMANDS = {
    BARE: (sys.executable, "-c", "pass"),
    "--version": (PROGRAM, "--version"),
    COLD: (PROGRAM, "ask", QUESTION),
    "ask --no-save, cold": (PROGRAM, "ask", "--no-save", QUESTION),
    "batch of one, cold": ("sh", "-c", BATCH.format("0")),
    CLIENT_COLD: (sys.executable, "-c", CLIENT.format("0")),
}
KEPT = {
    WARM: (PROGRAM, "ask", "--keep-warm", "10m", QUESTION),
    "ask --no-save, warm": (PROGRAM, "ask", "--keep-warm", "10m", "--no-save", QUESTION),
    "batch of one, warm": ("sh", "-c", BATCH.format("10m")),
    CLIENT_WARM: (sys.executable, "-c", CLIENT.format("10m")),
}
"""Commands that a warm engine answers; it is ended before every other one."""
COLD_GOAL, WARM_GOAL = 0.5, 0.25
"""Seconds in the median; the second one beside the generation itself."""


@dataclass(frozen=True)
class Run:
    """One command."""

    seconds: float
    generation: float = 0.0
    """Seconds of it in which the model computed."""


@pytest.fixture
def short_home(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A LOCALR1_HOME with a path that a socket has room in."""
    directory = tmp_path_factory.mktemp("h")
    monkeypatch.setenv("LOCALR1_HOME", str(directory))
    yield directory
    end_all(directory / "run")


@pytest.mark.bench
def test_print_the_time_of_whole_commands(short_home: Path) -> None:
    """Rounds over all commands, so that a busy moment of the machine meets each of them."""
    runs: dict[str, list[Run]] = {name: [] for name in (*COMMANDS, *KEPT)}
    for _ in range(RUNS):
        end_all(short_home / "run")
        for name, command in COMMANDS.items():
            runs[name].append(_run(command))
        _run(KEPT[WARM])  # leaves the engine for the others
        for name, command in KEPT.items():
            runs[name].append(_run(command))
    _print(runs)


def _run(command: tuple[str, ...]) -> Run:
    asks = "ask" in command
    started = time.perf_counter()
    done = subprocess.run(
        (*command, "--format", "json") if asks else command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=60,
    )
    seconds = time.perf_counter() - started
    return Run(seconds, _generation(done.stdout) if asks else 0.0)


def _generation(answer: bytes) -> float:
    stats = json.loads(answer)["stats"]
    return float(stats["prompt_seconds"] + stats["generation_seconds"])


def _print(runs: dict[str, list[Run]]) -> None:
    bare = _median(runs[BARE])
    print(f"\n{'':22}{'median':>8}{'min':>8}{'max':>8}{'model':>8}{'× bare':>8}   seconds, {RUNS} runs")
    for name, times in runs.items():
        seconds = [run.seconds for run in times]
        model = statistics.median(run.generation for run in times)
        print(
            f"{name:22}{_median(times):8.3f}{min(seconds):8.3f}{max(seconds):8.3f}{model:8.3f}"
            f"{_median(times) / bare:8.1f}"
        )
    beside = statistics.median(run.seconds - run.generation for run in runs[WARM])
    print(f"cold: {_median(runs[COLD]):.3f} s, goal {COLD_GOAL}")
    print(f"warm, beside the generation: {beside:.3f} s, goal {WARM_GOAL}")
    print(f"warm / cold: {_median(runs[WARM]) / _median(runs[COLD]):.2f}")
    print(f"api.Client, warm / cold: {_median(runs[CLIENT_WARM]) / _median(runs[CLIENT_COLD]):.2f}")


def _median(times: list[Run]) -> float:
    return statistics.median(run.seconds for run in times)
