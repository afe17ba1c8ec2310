"""How many threads compute."""

from __future__ import annotations

import os
from pathlib import Path

_SIBLINGS = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"


BYTES_A_THREAD = 32 * 1024 * 1024
"""Weights that make one more thread worth waiting for at every layer."""


def default_threads(size: int) -> int:
    """One for each core, but fewer for a model of so few bytes that they would only wait for each other."""
    return max(1, min(_cores(), -(-size // BYTES_A_THREAD)))


def _cores() -> int:
    """Physical cores that this process may use; hyperthreads share what is the bottleneck."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    return len({_core(cpu) for cpu in os.sched_getaffinity(0)})


def _core(cpu: int) -> str:
    try:
        return Path(_SIBLINGS.format(cpu)).read_text()
    except OSError:
        return str(cpu)
