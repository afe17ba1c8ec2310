"""How long to wait before the next try."""

from __future__ import annotations

from localr1.hub.retries import LONGEST, TRIES, Retries


def test_pauses_grow_and_then_it_gives_up() -> None:
    retries, pauses = Retries(), []
    while not retries.exhausted:
        retries.failed(something_came=False)
        pauses.append(retries.pause())
    assert pauses == [1, 2, 4, 8, 16]
    assert len(pauses) == TRIES


def test_a_connection_that_brings_something_each_time_is_never_given_up() -> None:
    retries = Retries()
    for _ in range(10 * TRIES):
        retries.failed(something_came=True)
        assert not retries.exhausted
        assert retries.pause() == 1


def test_a_hub_that_asks_for_more_time_gets_it_but_not_for_ever() -> None:
    retries = Retries()
    retries.failed(something_came=False)
    assert retries.pause(7) == 7
    assert retries.pause(0) == 1
    assert retries.pause(86_400) == LONGEST
    for _ in range(3):
        retries.failed(something_came=False)
    assert retries.pause(1) == 8
