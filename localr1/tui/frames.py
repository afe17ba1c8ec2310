"""How often a growing reply is drawn, so that the cores are left to the model."""

from __future__ import annotations

import time
from collections.abc import Callable

SHARE = 0.1
"""Of a core, for all that the app does while a reply comes at the speed of a usual model."""
HURRIED_SHARE = 0.25
"""Of a core, while text comes faster than it is drawn."""
LONGEST_REST = 0.5
"""Seconds after which a reply is drawn whatever it costs."""


class Frames:
    """After each drawing a rest, in proportion to the time of the processor that the app has taken since."""

    def __init__(
        self,
        cpu: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cpu = cpu
        self._clock = clock
        self._spent = 0.0
        self._began = float("-inf")

    def due(self, *, hurried: bool = False) -> bool:
        """The rest after the drawing before is over."""
        share = HURRIED_SHARE if hurried else SHARE
        rest = (self._cpu() - self._spent) / share
        return self._clock() - self._began >= min(rest, LONGEST_REST)

    def begin(self) -> None:
        """A drawing begins."""
        self._spent, self._began = self._cpu(), self._clock()
