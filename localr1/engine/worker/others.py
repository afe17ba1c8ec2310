"""How many cores other programs keep busy, of those that this process may use."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from localr1.cores import usable_cpus

STAT = Path("/proc/stat")
SHORTEST = 0.05
"""Seconds; the kernel counts in steps of 0.01."""


class Others:
    """Watches the kernel's own count; where there is none, as on macOS, nothing is known."""

    def __init__(
        self,
        stat: Path = STAT,
        own_seconds: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stat = stat
        self._own_seconds = own_seconds
        self._clock = clock
        self._last = self._sample()

    def cores(self) -> float | None:
        """The mean since it was asked last, in cores; None where it is not known.

        What runs at a lower priority than this process hardly takes anything from it, and does not count.
        """
        before, now = self._last, self._sample()
        self._last = now
        if not before or not now or now[0] - before[0] < SHORTEST:
            return None
        seconds, busy, own = (later - earlier for later, earlier in zip(now, before, strict=True))
        return max(0.0, (busy - own) / seconds)

    def _sample(self) -> tuple[float, float, float] | None:
        """Seconds of the clock, busy seconds of all programs, and those of this process."""
        try:
            lines = self._stat.read_text().splitlines()
        except OSError:
            return None
        cpus = {f"cpu{number}" for number in usable_cpus()}
        counts = [line.split() for line in lines if line.split(" ", 1)[0] in cpus]
        return self._clock(), sum(map(_busy, counts)), self._own_seconds()


def _busy(fields: list[str]) -> float:
    """Seconds; the fields are user, nice, system, idle, iowait, irq, softirq and steal (man 5 proc_stat)."""
    user, nice, system, _, _, irq, softirq, steal = map(int, fields[1:9])
    nice = nice if os.nice(0) > 0 else 0
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
