"""How fast this machine reads memory, which is what bounds the speed of a model on a processor."""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import msgspec

from localr1.whole_file import write_whole

BUFFER = 256 * 1024 * 1024
"""Bytes that are read at least, unless that is more than a quarter of the memory that is free."""
PART = 32 * 1024 * 1024
"""Bytes that each core reads at least: more than its share of any cache in use."""
SECONDS = 0.1
"""How long it is read again and again, after a first time; half of the rounds are faster than the result."""
BUSY = 0.5
"""Processes a core that want to run, on average over a minute; above that, the result is not trusted."""
Part: TypeAlias = "ctypes.Array[ctypes.c_char]"
_SIZE_LIMIT = 4096
"""Bytes of the file that remembers the result."""


class _Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is remembered, and of which machine."""

    processor: str
    cores: int
    bandwidth: float
    busy: bool = False
    """Other programs were computing; the machine may be faster than that."""


def known_bandwidth(
    cache_file: Path, cores: int, free: int, load: Callable[[], float] = lambda: os.getloadavg()[0]
) -> float | None:
    """Bytes a second, as a file remembers it of this machine; else measured now and remembered.

    What was measured while other programs computed is measured again next time, and the faster one counts.
    None where there is too little memory free to measure it.
    """
    remembered = _read(cache_file)
    processor = _processor()
    if remembered and (remembered.processor, remembered.cores) != (processor, cores):
        remembered = None
    if remembered and not remembered.busy:
        return remembered.bandwidth
    size = min(max(BUFFER, cores * PART), free // 4)
    if size < cores * mmap.PAGESIZE:
        return None
    busy = load() > BUSY * cores
    bandwidth = max(measure_bandwidth(cores, size), remembered.bandwidth if remembered else 0.0)
    with suppress(OSError):  # where it can't be remembered, it is measured again next time
        write_whole(cache_file, msgspec.json.encode(_Measured(processor, cores, bandwidth, busy)))
    return bandwidth


def measure_bandwidth(cores: int, size: int = BUFFER) -> float:
    """Bytes a second that so many threads together read of a buffer, each a part of its own.

    C does the reading, and ctypes releases the GIL around it. Each thread holds its part, so that the memory
    stays for as long as one of them reads, whoever has stopped waiting for it.
    """
    libc = ctypes.CDLL(None)
    libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    libc.memchr.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    length = size // cores // mmap.PAGESIZE * mmap.PAGESIZE
    memory = mmap.mmap(-1, length * cores)
    parts = [(ctypes.c_char * length).from_buffer(memory, index * length) for index in range(cores)]
    _seconds(parts, lambda part: libc.memset(part, 1, length))
    rounds = [_seconds(parts, lambda part: libc.memchr(part, 0, length))]
    while sum(rounds) < SECONDS:
        rounds.append(_seconds(parts, lambda part: libc.memchr(part, 0, length)))
    return length * cores / statistics.median(rounds)


def _seconds(parts: Sequence[Part], work: Callable[[Part], object]) -> float:
    """Seconds from when the first thread begins to when the last one ends, each on its own part."""
    start = threading.Barrier(len(parts))
    begun, ended = [0.0] * len(parts), [0.0] * len(parts)

    def run(index: int, part: Part) -> None:
        start.wait()
        begun[index] = time.perf_counter()
        work(part)
        ended[index] = time.perf_counter()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(parts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(ended) - min(begun)


def _processor() -> str:
    """Its name, as far as the system tells one."""
    try:
        with Path("/proc/cpuinfo").open(errors="replace") as file:
            for line in file:
                name, _, value = line.partition(":")
                if name.strip() in ("model name", "Model", "CPU part"):
                    return value.strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _read(file: Path) -> _Measured | None:
    """None for a file that is not there or holds something else."""
    try:
        with file.open("rb") as stream:
            measured = msgspec.json.decode(stream.read(_SIZE_LIMIT), type=_Measured)
    except (OSError, ValueError, RecursionError):
        return None
    return measured if measured.bandwidth > 0 else None
