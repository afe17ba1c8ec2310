"""How long the user has been away, the machine's sleep included."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

SECONDS_A_MINUTE = 60


def uptime() -> float:
    """Seconds since the machine started; Linux's monotonic clock stands still while it sleeps."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Idle:
    """Begins anew with every key and every movement of the mouse."""

    def __init__(self, minutes: Callable[[], int], clock: Callable[[], float] = uptime) -> None:
        """`minutes` may change; 0 of them are never over."""
        self._minutes = minutes
        self._clock = clock
        self._since = clock()

    def touch(self) -> None:
        """The user is here."""
        self._since = self._clock()

    @property
    def over(self) -> bool:
        """They have been away for as long as they wanted the chat to wait."""
        seconds = self._minutes() * SECONDS_A_MINUTE
        return seconds > 0 and self._clock() - self._since >= seconds
