"""How many threads compute when nobody says."""

from __future__ import annotations

import os

import pytest

from localr1.engine.worker.threads import BYTES_A_THREAD, default_threads


def test_a_model_of_a_few_megabytes_gets_one_thread() -> None:
    assert default_threads(2_000_000) == 1


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="needs Linux")
def test_a_large_model_gets_no_more_threads_than_this_process_may_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert default_threads(100 * BYTES_A_THREAD) == 1


def test_even_an_empty_model_has_a_thread() -> None:
    assert default_threads(0) == 1
