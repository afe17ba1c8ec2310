"""What the chat takes: time to a prompt, time from a key to its letter, a share of a core, memory.

.venv/bin/pytest -m bench -s tests/bench/test_tui.py
"""

from __future__ import annotations

import random
import statistics
import string
import time
from pathlib import Path

import psutil
import pytest

from tests.tui.long_chat import fill
from tests.tui.terminal import Terminal, localr1

STARTS = 7
KEYS = 200
KEY_SECONDS = 0.05
"""Between two keys: twenty a second, faster than people type for long."""
WATCHED_SECONDS = 10.0
PROMPT = "sk anything"
STREAMING = "from tests.bench.streaming import main; main()"
LONG_TURNS, LONG_ANSWER = 30, "Adding the ones gives 12, so write 2 and carry 1. " * 60
"""Turns of a thousand tokens each."""


@pytest.mark.bench
@pytest.mark.timeout(600)
def test_print_what_the_chat_takes(home: Path, tmp_path: Path) -> None:
    """Each number with its goal and the ratio of the two."""
    rows = [("start to a usable prompt, median", _start(home), 0.5, "s")]
    rows += _opening(tmp_path / "many")
    rows += _typing(tmp_path / "typing")
    rows += _at_rest(tmp_path / "share")
    print(f"\n{'':52}{'measured':>10}{'goal':>8}{'ratio':>7}")
    for name, value, goal, unit in rows:
        print(f"{name:52}{value:10.3f}{goal:8g}{value / goal:7.2f}  {unit}")


def _start(home: Path) -> float:
    return statistics.median(_one_start(home) for _ in range(STARTS))


def _one_start(home: Path) -> float:
    started = time.perf_counter()
    with localr1(home) as terminal:
        terminal.wait_for(PROMPT)
        return time.perf_counter() - started


def _opening(home: Path) -> list[tuple[str, float, float, str]]:
    """A chat of 2,000 messages, chosen in the list of chats."""
    fill(home, 1_000)
    with localr1(home) as terminal:
        terminal.wait_for(PROMPT)
        terminal.type("\x0f")
        terminal.wait_for("2,000 messages")
        seconds = _until(terminal, "\r", "Answer number 999.")
        beginning = _until(terminal, "\x1b[1;5H", "Question number 0?")
        memory = psutil.Process(terminal.process.pid).memory_info().rss / 2**20
    return [
        ("a chat of 2,000 messages opens", seconds, 1.0, "s"),
        ("from its end to its beginning", beginning, 1.0, "s"),
        ("memory of the front end with it", memory, 150, "MiB"),
    ]


def _typing(home: Path) -> list[tuple[str, float, float, str]]:
    """From a key to its letter, while a reply streams at 500 tokens a second into a chat of 30,000."""
    with _streaming(home, 500) as terminal:
        terminal.wait_for("so write 2")
        terminal.type("Go on\r")
        terminal.wait_for("answering")
        letters = random.Random(7).choices(string.ascii_lowercase, k=KEYS)
        typed, seconds = "", []
        for letter in letters:
            typed = (typed + letter)[-50:]
            seconds.append(_until(terminal, letter, typed[-4:]))
            _watch(terminal, KEY_SECONDS)
            if len(typed) == 50:
                terminal.type("\x15")
                typed = ""
        seconds.sort()
    return [
        ("a key to its letter at 500 tok/s, median", statistics.median(seconds) * 1000, 50, "ms"),
        ("a key to its letter at 500 tok/s, p99", seconds[int(KEYS * 0.99) - 1] * 1000, 50, "ms"),
    ]


def _at_rest(home: Path) -> list[tuple[str, float, float, str]]:
    """Shares of a core: while a reply comes at 30 tokens a second, and while nothing happens."""
    with _streaming(home, 30) as terminal:
        terminal.wait_for("so write 2")
        _watch(terminal, 2.0)
        idle = _share(terminal)
        terminal.type("Go on\r")
        terminal.wait_for("thinking")
        thinking = _share(terminal, 3.0)
        terminal.wait_for("answering")
        answering = _share(terminal)
    return [
        ("share of a core, thinking at 30 tok/s", thinking * 100, 10, "%"),
        ("share of a core, answering at 30 tok/s", answering * 100, 10, "%"),
        ("share of a core while nothing happens", idle * 100, 1, "%"),
    ]


def _streaming(home: Path, speed: int):  # type: ignore[no-untyped-def]
    chat_id = fill(home, LONG_TURNS, answer=LONG_ANSWER)
    return localr1(home, str(home), str(speed), str(chat_id), program=STREAMING)


def _share(terminal: Terminal, seconds: float = WATCHED_SECONDS) -> float:
    process = psutil.Process(terminal.process.pid)
    before, started = process.cpu_times(), time.perf_counter()
    _watch(terminal, seconds)
    after, passed = process.cpu_times(), time.perf_counter() - started
    return (after.user + after.system - before.user - before.system) / passed


def _until(terminal: Terminal, keys: str, text: str) -> float:
    """Seconds from these keys until this is drawn."""
    started = time.perf_counter()
    terminal.type(keys)
    terminal.wait_for(text)
    return time.perf_counter() - started


def _watch(terminal: Terminal, seconds: float) -> None:
    """Take what is drawn for so long."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        terminal.read()
