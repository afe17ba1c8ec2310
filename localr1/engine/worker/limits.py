"""Time and memory that foreign code may take; only for the main thread, as signals are."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

FATAL = 2.4
"""Late enough for a second interrupt to be heard."""
_MAPPED = Path("/proc/self/statm")


class OutOfTimeError(Exception):
    """The block took too long."""


@contextmanager
def limited_time(seconds: float) -> Iterator[None]:
    """Raise OutOfTimeError in the block after so many seconds.

    And again each time that they have passed, as Python drops what is raised in the middle of a destructor.
    C code that never returns to Python hears none of it: after `FATAL` times the seconds of computing, the
    system ends the process with SIGPROF.
    """

    def out_of_time(_signal: int, _frame: object) -> NoReturn:
        raise OutOfTimeError

    previous = signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    signal.setitimer(signal.ITIMER_PROF, seconds * FATAL)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextmanager
def limited_memory(size: int) -> Iterator[None]:
    """Let the block map so many more bytes, then raise MemoryError; only where Linux tells what is mapped."""
    if not _MAPPED.exists():
        yield
        return
    mapped = int(_MAPPED.read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = mapped + size
    tighter = wanted if soft == resource.RLIM_INFINITY else min(wanted, soft)
    resource.setrlimit(resource.RLIMIT_AS, (tighter, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
