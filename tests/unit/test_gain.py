"""How many guesses are tried, on machines that are reckoned."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, repeat

import pytest

from localr1.engine.worker.gain import FIRST_PATIENCE, MOST, NOTHING, SIZES, Always, Gain

Machine = Callable[[int], float]
"""Tokens of a batch → its seconds."""


def in_a_row(size: int) -> float:
    """A processor that computes one token after the other, with some overhead for several."""
    return 0.01 * (1.0 if size == 1 else 1.1 * size)


def side_by_side(size: int) -> float:
    """A graphics processor."""
    return 0.01 * (1 + 0.01 * size)


def cheaper_by_the_dozen(size: int) -> float:
    """SmolLM2 on two cores: two tokens take twice the time of one, sixteen half of theirs."""
    return 0.0066 * {1: 1.0, 2: 2.0, 4: 2.85, 8: 4.45, 16: 7.5}[size]


def run(gain: Gain, machine: Machine, share: float, batches: int) -> list[int]:
    """Guesses of each batch, where each guess comes true with this share."""
    tried = []
    for _ in range(batches):
        guesses = gain.worth(repeat(share, MOST), 0.0).guesses
        gain.took(1 + guesses, machine(1 + guesses))
        tried.append(guesses)
    return tried


def test_nothing_is_guessed_before_it_is_known_what_one_token_takes() -> None:
    assert run(Gain(), side_by_side, 1.0, 5) == [0, 0, 0, 0, MOST]


def test_what_one_token_takes_is_measured_again_now_and_then() -> None:
    tried = run(Gain(), side_by_side, 0.95, 200)
    assert 0 in tried[20:]
    assert tried.count(0) < 40


def test_a_single_token_after_others_tells_nothing() -> None:
    """The first one takes longer, as llama.cpp prepares itself for it."""
    gain = Gain()
    run(gain, side_by_side, 0.95, 20)
    before = gain.worth(repeat(0.95, MOST), 0.0)
    gain.took(1, 1.0)
    assert gain.worth(repeat(0.95, MOST), 0.0) == before


def test_where_tokens_cost_nothing_beside_others_as_many_as_possible_are_guessed() -> None:
    assert run(Gain(), side_by_side, 0.9, 40).count(MOST) > 25


def test_where_each_costs_its_time_each_size_is_tried_once_and_then_none() -> None:
    tried = run(Gain(), in_a_row, 0.95, FIRST_PATIENCE)
    assert [guesses for guesses in tried if guesses] == [15, 7, 3, 1]
    gain = Gain()
    run(gain, in_a_row, 0.5, FIRST_PATIENCE)
    assert gain.worth(repeat(0.5, MOST), 0.0) == NOTHING


def test_only_sure_guesses_are_worth_it_where_few_tokens_are_dear() -> None:
    gain = Gain()
    for size in (1, 1, 1, 1, *SIZES):
        gain.took(size, cheaper_by_the_dozen(size))
    assert gain.worth(repeat(0.98, MOST), 0.0).guesses == MOST
    assert gain.worth(repeat(0.6, MOST), 0.0) == NOTHING


def test_after_a_while_it_is_tried_again_ever_more_rarely() -> None:
    tried = run(Gain(), in_a_row, 0.97, 20 * FIRST_PATIENCE)
    trials = [number for number, guesses in enumerate(tried) if guesses == MOST]
    pauses = [later - earlier for earlier, later in pairwise(trials)]
    assert pauses[0] >= FIRST_PATIENCE
    assert all(later > 1.5 * earlier for earlier, later in pairwise(pauses))
    assert len(pauses) >= 2


def test_a_machine_that_has_become_another_is_found_out() -> None:
    gain = Gain()
    run(gain, in_a_row, 0.97, 2 * FIRST_PATIENCE)
    assert run(gain, side_by_side, 0.97, 10 * FIRST_PATIENCE)[-1] == MOST
    assert run(gain, in_a_row, 0.97, 100)[-1] == 0


def test_guesses_that_take_time_to_make_are_worth_less() -> None:
    gain = Gain()
    run(gain, side_by_side, 0.9, 20)
    cheap, dear = (gain.worth(repeat(0.9, MOST), seconds) for seconds in (0.0001, 0.02))
    assert cheap.guesses == MOST
    assert dear == NOTHING


@pytest.mark.parametrize("room", range(8))
def test_no_more_is_guessed_than_there_is(room: int) -> None:
    gain = Gain()
    run(gain, side_by_side, 0.9, 20)
    assert gain.worth(repeat(0.9, room), 0.0).guesses == max(
        (size - 1 for size in SIZES if size <= room + 1), default=0
    )
    assert Always().worth(repeat(0.1, room), 0.0).guesses == room
