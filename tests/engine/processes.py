"""What the system says of a process."""

from __future__ import annotations

import os
import select
from pathlib import Path

import psutil

WAIT_SECONDS = 20.0
"""Long enough for a busy machine; a test that waits so long has failed."""


def ends(pid: int) -> bool:
    """Whether a process ends while we wait; one that has ended already counts."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], WAIT_SECONDS)[0])
    finally:
        os.close(descriptor)


def is_worker(process: psutil.Process) -> bool:
    """Whether it is an engine of ours that runs; one that has just ended is none."""
    try:
        return "localr1" in " ".join(process.cmdline())
    except psutil.Error:
        return False


def limits(pid: int) -> dict[str, list[str]]:
    """The resource limits of a process: name → soft, hard, unit."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]
    return {line[:25].strip(): line[25:].split() for line in lines}


def peak_memory(pid: int) -> int:
    """Bytes that a process had in memory when it had most."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
