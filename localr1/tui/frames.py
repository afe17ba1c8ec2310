"""How often a growing reply is drawn, so that the cores are left to the model."""

from __future__ import annotations

import time
from collections.abc import Callable

SHARE = 0.1
"""Of a core, for drawing at the speed of a usual model."""
HURRIED_SHARE = 0.5
"""Of a core, while text comes faster than it is drawn."""


class Frames:
    """After each drawing a rest, in proportion to what it cost; a busy machine does not count as cost."""

    def __init__(
        self,
        cpu: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cpu = cpu
        self._clock = clock
        self._began: float | None = None
        self._cost = 0.0
        self._ended = float("-inf")

    def due(self, *, hurried: bool = False) -> bool:
        """The drawing before is on the screen, and the rest after it is over."""
        share = HURRIED_SHARE if hurried else SHARE
        return self._began is None and self._clock() - self._ended >= self._cost * (1 / share - 1)

    def begin(self) -> None:
        """A drawing begins."""
        self._began = self._cpu()

    def end(self) -> None:
        """What was drawn is on the screen."""
        if self._began is not None:
            self._cost, self._began = self._cpu() - self._began, None
            self._ended = self._clock()
