"""How long something that is counted still takes, from its own speed so far (pure)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from localr1.units import time_text

EXACT_SECONDS = 10
"""Longer times are rounded up to steps, so that they do not flicker."""
STEP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """How far it has come since it began; the times are of any clock, in seconds."""

    began: float
    first: int
    """What was done when it began, and says nothing about its speed."""
    now: float
    done: int

    @classmethod
    def begin(cls, done: int, now: float) -> Pace:
        """It begins with so much done."""
        return cls(now, done, now, done)

    def reach(self, done: int, now: float) -> Pace:
        """It has come this far."""
        return replace(self, done=done, now=now)

    def seconds_left(self, total: int) -> float | None:
        """None until there is a speed to reckon with."""
        elapsed, done = self.now - self.began, self.done - self.first
        if elapsed <= 0 or done <= 0:
            return None
        return max(0, total - self.done) * elapsed / done

    def seconds_in_all(self, total: int) -> float | None:
        """From its beginning to its end; None until there is a speed to reckon with."""
        left = self.seconds_left(total)
        return None if left is None else self.now - self.began + left


def left_text(seconds: float) -> str:
    """7 s left, 40 s left, 3 min left."""
    step = 1 if seconds <= EXACT_SECONDS else STEP_SECONDS
    return f"{time_text(max(1, math.ceil(seconds / step) * step))} left"
