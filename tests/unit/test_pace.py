"""The pace against machines that are reckoned: what it reaches of the best that is possible there."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from localr1.engine.worker.pace import FIRST_PATIENCE, WINDOW_TOKENS, Pace

WAITING = 3.0
"""How much longer a token takes when one of its threads has to wait for a core, as measured on two cores."""


@dataclass
class Machine:
    """Cores on which a share of the work on a token can be divided among threads."""

    cores: int
    divisible: float
    seconds: float = 0.03
    busy: int = 0
    now: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def time(self, threads: int) -> float:
        """Seconds of one token."""
        alone = self.seconds * (1 - self.divisible + self.divisible / threads)
        return alone * WAITING if threads > self.cores - self.busy else alone

    def best(self) -> float:
        return min(map(self.time, range(1, self.cores + 1)))

    def run(self, pace: Pace, tokens: int, busy: int = 0) -> float:
        """Compute a reply beside so many busy programs; the share of the best possible speed."""
        self.busy = busy
        started = self.now
        pace.begin()
        threads = pace.threads
        for _ in range(tokens):
            self.now += self.time(threads) * self.chance.lognormvariate(0, 0.08)
            threads = pace.token()
        return self.best() * tokens / (self.now - started)


def pace_on(machine: Machine, others: Callable[[], float | None] | None = None) -> Pace:
    return Pace(machine.cores, others or (lambda: float(machine.busy)), clock=lambda: machine.now)


MACHINES = pytest.mark.parametrize(
    "machine", [Machine(2, 0.4), Machine(2, 0.9), Machine(4, 0.9), Machine(16, 0.7)]
)


@MACHINES
def test_an_idle_machine_is_used_as_well_as_it_can_be(machine: Machine) -> None:
    assert machine.run(pace_on(machine), 400) > 0.97


@MACHINES
def test_beside_a_busy_program_it_is_nearly_as_fast_as_the_best_number(machine: Machine) -> None:
    pace = pace_on(machine)
    machine.run(pace, 100)
    assert machine.run(pace, 128, busy=1) > 0.95


@MACHINES
def test_what_a_program_has_left_is_taken_back(machine: Machine) -> None:
    pace = pace_on(machine)
    machine.run(pace, 100, busy=1)
    assert machine.run(pace, 400) > 0.95


@MACHINES
def test_where_nobody_knows_about_others_trying_tells(machine: Machine) -> None:
    pace = pace_on(machine, others=lambda: None)
    assert machine.run(pace, 400) > 0.93
    assert machine.run(pace, 800, busy=1) > 0.9
    assert machine.run(pace, 1_500) > 0.8


def test_a_single_slow_window_does_not_make_another_number_the_best() -> None:
    """One that is as slow as two tokens more, every 40 windows: the number that is slower is seldom used."""
    machine = Machine(2, 0.4)
    pace = pace_on(machine)
    pace.begin()
    used = []
    for token in range(4_000):
        hiccup = 3 * machine.seconds if token % (40 * WINDOW_TOKENS) == 100 else 0.0
        machine.now += machine.time(pace.threads) + hiccup
        used.append(pace.token())
    assert used.count(1) < 0.05 * len(used)


def test_a_chat_that_grows_is_no_reason_to_give_up_a_thread() -> None:
    machine = Machine(2, 0.1)
    pace = pace_on(machine)
    pace.begin()
    used = []
    for token in range(3_000):
        machine.now += machine.time(pace.threads) * (1 + token / 1_000)
        used.append(pace.token())
    assert used.count(1) < 0.03 * len(used)


def test_a_slow_moment_is_forgotten_soon() -> None:
    machine = Machine(2, 0.3)
    pace = pace_on(machine)
    pace.begin()
    used = []
    for token in range(2_000):
        slow = 1.8 if 400 <= token < 420 and pace.threads == 2 else 1.0
        machine.now += machine.time(pace.threads) * slow
        used.append(pace.token())
    assert 0 < used[420:].count(1) < 0.1 * len(used)


def test_where_threads_only_wait_for_each_other_one_is_left() -> None:
    machine = Machine(4, divisible=0.0)
    pace = pace_on(machine)
    threads = pace.threads
    for _ in range(WINDOW_TOKENS * FIRST_PATIENCE):
        machine.now += 0.03 * (1 + 0.1 * (threads - 1))
        threads = pace.token()
    assert threads == 1


def test_a_request_begins_with_the_cores_that_are_free() -> None:
    machine = Machine(4, 0.9, busy=3)
    pace = pace_on(machine)
    pace.begin()
    assert (pace.threads, pace.free) == (1, 1)


def test_a_program_that_hardly_runs_takes_no_core() -> None:
    machine = Machine(4, 0.9)
    pace = pace_on(machine, others=lambda: 0.2)
    pace.begin()
    assert pace.free == 4


def test_a_share_between_taken_and_free_changes_nothing() -> None:
    shares = iter((0.3, 0.5, 0.3, 0.2))
    pace = pace_on(Machine(4, 0.9), others=lambda: next(shares))
    free = []
    for _ in range(4):
        pace.begin()
        free.append(pace.free)
    assert free == [4, 3, 3, 4]


def test_the_first_measurement_is_not_a_single_token() -> None:
    machine = Machine(2, 0.9)
    pace = pace_on(machine)
    pace.begin()
    machine.now += 5.0
    assert pace.token() == 2


def test_what_is_computed_in_between_tells_nothing_about_tokens() -> None:
    """Batches with guesses are longer, and would look like threads that wait for each other."""
    machine = Machine(2, 0.9)
    pace = pace_on(machine)
    machine.run(pace, 40)
    threads = pace.threads
    for _ in range(20 * WINDOW_TOKENS):
        machine.now += 10 * machine.time(threads)
        pace.disturb()
        machine.now += machine.time(threads)
        assert pace.token() == threads


def test_a_busy_program_is_seen_between_guesses_too() -> None:
    machine = Machine(2, 0.9)
    pace = pace_on(machine)
    machine.run(pace, 40)
    machine.busy = 1
    machine.now += 1.0
    pace.disturb()
    assert (pace.threads, pace.free) == (1, 1)


def used_by(pace: Pace, machine: Machine, tokens: int) -> list[int]:
    """The threads of so many tokens."""
    pace.begin()
    used = []
    for _ in range(tokens):
        used.append(pace.threads)
        machine.now += machine.time(pace.threads)
        pace.token()
    return used


def test_a_worker_begins_with_what_the_one_before_has_learned() -> None:
    machine = Machine(16, 0.5)
    first = pace_on(machine)
    used_by(first, machine, 400)
    best = min(first.known, key=first.known.__getitem__)
    assert first.known[best] == 1.0
    second = pace_on(machine)
    second.learn(first.known)
    assert set(used_by(second, machine, FIRST_PATIENCE * WINDOW_TOKENS)) == {best}


def test_of_numbers_that_were_about_as_quick_the_largest_is_begun_with() -> None:
    machine = Machine(4, 0.9)
    pace = pace_on(machine)
    pace.learn({2: 1.0, 3: 1.02, 4: 1.2})
    assert used_by(pace, machine, 1) == [3]


def test_what_was_known_is_tried_again_in_time() -> None:
    machine = Machine(2, 0.9)
    pace = pace_on(machine)
    pace.learn({1: 1.0, 2: 1.1})
    assert used_by(pace, machine, 2_000)[-1] == 2


def test_what_is_known_of_an_idle_machine_holds_when_its_cores_are_free_again() -> None:
    machine = Machine(4, 0.9, busy=2)
    pace = pace_on(machine)
    pace.learn({3: 1.0, 4: 1.2})
    assert used_by(pace, machine, 1) == [2]
    machine.busy = 0
    assert used_by(pace, machine, 1) == [3]


def test_nothing_is_learned_once_something_is_known_and_no_number_that_is_not_there() -> None:
    machine = Machine(2, 0.9)
    pace = pace_on(machine)
    pace.learn({8: 1.0})
    assert used_by(pace, machine, 64)[0] == 2
    pace.learn({1: 1.0, 2: 3.0})
    assert used_by(pace, machine, 1) == [2]


def test_what_another_program_had_its_part_in_is_not_told() -> None:
    machine = Machine(4, 0.9, busy=1)
    pace = pace_on(machine)
    used_by(pace, machine, 400)
    assert pace.known == {}
    untold = pace_on(machine, others=lambda: None)
    used_by(untold, machine, 400)
    assert untold.known == {}
