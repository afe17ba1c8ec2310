"""How long whole commands take, from the start of the process to its end.

.venv/bin/pytest -m bench -s tests/bench/test_start.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

RUNS = 11
PROGRAM = Path(sys.executable).with_name("localr1")
COMMANDS = {
    "bare Python": (sys.executable, "-c", "pass"),
    "localr1 --version": (str(PROGRAM), "--version"),
    "localr1 ask (nano, saved)": (str(PROGRAM), "ask", "What is 47 + 85?"),
    "localr1 ask --no-save": (str(PROGRAM), "ask", "--no-save", "What is 47 + 85?"),
}


@pytest.mark.bench
@pytest.mark.usefixtures("home")
def test_print_the_time_of_whole_commands() -> None:
    """Rounds over all commands, so that a busy moment of the machine meets each of them."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, command in COMMANDS.items():
            seconds[name].append(_run(command))
    print(f"\n{'':28}{'median':>9}{'min':>9}{'max':>9}   seconds, {RUNS} runs")
    for name, times in seconds.items():
        print(f"{name:28}{statistics.median(times):9.3f}{min(times):9.3f}{max(times):9.3f}")


def _run(command: tuple[str, ...]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, timeout=60)
    return time.perf_counter() - started
