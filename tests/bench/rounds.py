"""Ways of doing one thing, measured in turn so that no change of the machine favours one of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_turn(ways: Mapping[T, Callable[[], float]], rounds: int) -> dict[T, list[float]]:
    """What each way measures, round by round; another one begins in each round."""
    measured: dict[T, list[float]] = {way: [] for way in ways}
    names = list(ways)
    for each in range(rounds):
        first = each % len(names)
        for way in names[first:] + names[:first]:
            measured[way].append(ways[way]())
    return measured


def ratio(values: Sequence[float], to: Sequence[float]) -> float:
    """The median over the rounds of one way's value divided by another's in the same round."""
    return statistics.median(value / other for value, other in zip(values, to, strict=True))
