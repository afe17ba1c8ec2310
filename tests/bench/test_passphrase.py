"""How long one try of a passphrase takes, and how much memory.

.venv/bin/pytest -m bench -s tests/bench/test_passphrase.py
"""

from __future__ import annotations

import statistics
import time

import pytest

from localr1.store.sealed_key import COST, DatabaseKey, SealedKey

RUNS = 5


@pytest.mark.bench
def test_print_the_time_of_one_try() -> None:
    sealed = SealedKey.seal(DatabaseKey.random(), "correct horse")
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        sealed.open("correct horse")
        seconds.append(time.perf_counter() - start)
    print(f"\none try: {statistics.median(seconds):.2f} s, {COST.memory / 2**20:.0f} MiB")
