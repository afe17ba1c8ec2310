"""How many threads compute when nobody says."""

from __future__ import annotations

import os

import pytest

from localr1.engine.worker.pace import WINDOW_SECONDS, WINDOW_TOKENS, Pace
from localr1.engine.worker.threads import BYTES_A_THREAD, Threads, default_threads


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


class Machine:
    """Tells how many cores are taken, and what a context was told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.taken = 0.0
        self.told: list[tuple[int, int]] = []

    def threads(self) -> Threads:
        threads = Threads(4, Pace(4, lambda: self.taken, clock=lambda: self.now))
        threads.attach(lambda tokens, prompts: self.told.append((tokens, prompts)))
        return threads


def test_a_request_on_a_busy_machine_begins_with_the_cores_that_are_left() -> None:
    machine = Machine()
    threads = machine.threads()
    machine.taken = 3.0
    threads.begin()
    assert machine.told == [(1, 1)]


def test_a_context_is_told_only_what_is_new_to_it() -> None:
    machine = Machine()
    threads = machine.threads()
    threads.begin()
    assert machine.told == []
    for _ in range(2 * WINDOW_TOKENS):
        machine.now += WINDOW_SECONDS
        threads.computed()
    assert machine.told == [(3, 4)]


def test_a_number_that_the_user_wants_stays() -> None:
    told: list[tuple[int, int]] = []
    threads = Threads.choose(2, 100 * BYTES_A_THREAD)
    threads.attach(lambda *numbers: told.append(numbers))
    threads.begin()
    for _ in range(1_000):
        threads.computed()
    assert threads.most == 2
    assert told == []


def test_guesses_that_are_computed_together_follow_the_machine_too() -> None:
    machine = Machine()
    threads = machine.threads()
    threads.begin()
    machine.taken = 2.0
    machine.now += 1.0
    threads.disturbed()
    assert machine.told == [(2, 2)]
