"""How long a paste keeps the next key waiting, in a real pseudo-terminal.

.venv/bin/pytest -m bench -s tests/bench/test_paste.py
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from localr1.tui.paste_reader import END, START
from tests.tui.terminal import localr1

SIZES = (60_000, 1_000_000, 5_000_000, 15_000_000)
LINE = "The quick brown fox jumps over the lazy dog, 0123456789.\r"


@pytest.mark.bench
@pytest.mark.parametrize("size", SIZES)
def test_print_the_time_until_the_key_after_a_paste_is_drawn(home: Path, size: int) -> None:
    with localr1(home) as terminal:
        terminal.wait_for("sk anything")
        started = time.perf_counter()
        terminal.type(f"{START}{LINE * (size // len(LINE))}{END}")
        written = time.perf_counter()
        terminal.type("ZQ")
        terminal.wait_for("ZQ")
        key = time.perf_counter() - written
    print(f"\n{size:12,} characters: written in {written - started:.2f} s, the key drawn {key:.2f} s later")
