"""Blocking work on the command line that a signal ends within a second, whatever it waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import aclosing
from typing import TypeVar

from localr1.cli.cancelling import run
from localr1.hub.background import in_background
from localr1.hub.stop import Stop

T = TypeVar("T")


def follow(steps: Callable[[Stop], Iterator[T]], show: Callable[[T], None]) -> None:
    """Show each step as it comes; raises what the work raises, StoppedError once a signal has come."""
    run(_follow(steps, show))


def result_of(work: Callable[[Stop], T]) -> T:
    """What the work returns; raises as `follow` does."""
    results: list[T] = []
    follow(lambda stop: iter((work(stop),)), results.append)
    return results[0]


async def _follow(steps: Callable[[Stop], Iterator[T]], show: Callable[[T], None]) -> None:
    async with aclosing(in_background(steps)) as events:
        async for event in events:
            show(event)
