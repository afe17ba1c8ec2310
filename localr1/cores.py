"""Which of the machine's processors are worth a thread: those that this process may use and that keep up."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

ROOT = Path("/")
KEEPS_UP = 0.75
"""Of the quickest core's capacity; threads wait for each other, so a slower one holds all of them up. Small
cores of big.LITTLE processors have a third to a half of it."""


def usable_cpus() -> set[int]:
    """Numbers of the logical processors that this process may run on."""
    if not hasattr(os, "sched_getaffinity"):
        return set(range(os.cpu_count() or 1))
    return set(os.sched_getaffinity(0))


def count_cores(root: Path = ROOT, cpus: Collection[int] | None = None) -> int:
    """Physical cores of the quick kind among these or all usable processors, at most what a cgroup allows.

    At least one. Hyperthreads share what is the bottleneck, so that they count as one core.
    """
    if sys.platform == "darwin" and root == ROOT:
        return _sysctl(b"hw.perflevel0.physicalcpu") or _sysctl(b"hw.physicalcpu") or os.cpu_count() or 1
    quick = _quick(root, usable_cpus() if cpus is None else cpus)
    cores = len({_siblings(root, cpu) for cpu in quick})
    return max(1, min([cores, *map(math.ceil, _quotas(root))]))


def _quick(root: Path, cpus: Collection[int]) -> Collection[int]:
    """Those that keep up with the quickest; all of them where nothing is known."""
    performance = _listed(_read(root / "sys/devices/cpu_core/cpus")).intersection(cpus)  # Intel's hybrids
    if performance:
        return performance
    capacities = {cpu: float(_read(_cpu(root, cpu) / "cpu_capacity") or 0) for cpu in cpus}
    quickest = max(capacities.values(), default=0)
    return [cpu for cpu, capacity in capacities.items() if capacity >= KEEPS_UP * quickest]


def _siblings(root: Path, cpu: int) -> str:
    return _read(_cpu(root, cpu) / "topology/thread_siblings_list") or str(cpu)


def _quotas(root: Path) -> Iterator[float]:
    """Cores' worth of time that each control group around this process allows (man 7 cgroups)."""
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        first = root / "sys/fs/cgroup"
        if controllers:  # the first version has a tree for each controller
            if "cpu" not in controllers.split(","):
                continue
            first /= controllers
        group = first / path.strip("/")
        for place in (group, *group.parents[: len(group.relative_to(first).parts)]):
            quota, period = _limit(place)
            if quota > 0 and period > 0:
                yield quota / period


def _limit(group: Path) -> tuple[int, int]:
    """Microseconds of time in so many of the clock; a quota that is none is no number, or negative."""
    words = _read(group / "cpu.max").split() or [
        _read(group / "cpu.cfs_quota_us").strip(),
        _read(group / "cpu.cfs_period_us").strip(),
    ]
    return (int(words[0]), int(words[1])) if words[0].isdigit() and words[1].isdigit() else (0, 0)


def _cpu(root: Path, cpu: int) -> Path:
    return root / f"sys/devices/system/cpu/cpu{cpu}"


def _listed(text: str) -> set[int]:
    """The numbers of the kernel's lists: 0-3,8."""
    numbers: set[int] = set()
    for part in filter(None, text.strip().split(",")):
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def _sysctl(name: bytes) -> int:
    """A number of macOS; 0 where it is not known."""
    import ctypes

    value = ctypes.c_int32(0)
    size = ctypes.c_size_t(ctypes.sizeof(value))
    failed = ctypes.CDLL(None).sysctlbyname(name, ctypes.byref(value), ctypes.byref(size), None, 0)
    return 0 if failed else value.value
