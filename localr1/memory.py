"""How much memory there is, and how much of it is free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_KIB = 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """Main memory in bytes; a limit that this process runs under counts where it is lower."""

    total: int
    free: int
    """What can be had without any program being pushed out."""


def read_memory(held: int = 0, root: Path = Path("/")) -> Memory:
    """The memory of this moment, `held` bytes of which will be given back before they are needed.

    On Linux the kernel's own files under `root` are read, as psutil would take longer to import than all else
    that a model's load asks for.
    """
    machine = _machine_memory(root)
    total, free = machine.total, machine.free
    for limit in _limits(root):
        total, free = min(total, limit.total), min(free, limit.free)
    return Memory(total, min(max(free, 0) + held, total))


def held_memory(pid: int | None, root: Path = Path("/")) -> int:
    """Bytes that come free when a process ends, not counting files that are only mapped; 0 without one."""
    if pid is None:
        return 0
    try:
        return _fields(root / f"proc/{pid}/status").get("RssAnon", 0)
    except OSError:
        return 0


def resident_memory(pid: int | None, root: Path = Path("/")) -> int:
    """Bytes of main memory that a process takes, mapped files included; 0 without one."""
    if pid is None:
        return 0
    try:
        return _fields(root / f"proc/{pid}/status").get("VmRSS", 0)
    except OSError:
        return 0 if (root / "proc/self").exists() else _resident_elsewhere(pid)


def _resident_elsewhere(pid: int) -> int:
    """The same on systems without /proc."""
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _machine_memory(root: Path) -> Memory:
    try:
        fields = _fields(root / "proc/meminfo")
        return Memory(fields["MemTotal"], fields["MemAvailable"])
    except (OSError, KeyError):
        import psutil

        memory = psutil.virtual_memory()
        return Memory(memory.total, memory.available)


def _fields(file: Path) -> dict[str, int]:
    """Lines such as `MemTotal:  24683724 kB`, in bytes."""
    rows = (line.split() for line in file.read_text(errors="replace").splitlines() if line.endswith(" kB"))
    return {row[0].rstrip(":"): int(row[1]) * _KIB for row in rows}


def _limits(root: Path) -> Iterator[Memory]:
    """What each control group that this process is in leaves to it, the innermost first."""
    try:
        lines = (root / "proc/self/cgroup").read_text(errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, group = line.split(":", 2)
        if not controllers:
            yield from _up(root / "sys/fs/cgroup", group, ("memory.max", "memory.current", ""))
        elif "memory" in controllers.split(","):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_")
            yield from _up(root / "sys/fs/cgroup/memory", group, names)


def _up(mount: Path, group: str, names: tuple[str, str, str]) -> Iterator[Memory]:
    """The limits of a group and of all above it; in a container the group itself may not be seen."""
    parts = PurePosixPath(group).parts[1:]
    for length in range(len(parts), -1, -1):
        if memory := _limit(mount.joinpath(*parts[:length]), *names):
            yield memory


def _limit(directory: Path, limit: str, usage: str, prefix: str) -> Memory | None:
    """None where there is no limit; files that the system keeps at hand count as free, as it drops them."""
    try:
        total = int((directory / limit).read_text())
        used = int((directory / usage).read_text())
        rows = (line.split() for line in (directory / "memory.stat").read_text().splitlines())
        droppable = {f"{prefix}inactive_file", f"{prefix}active_file"}
        kept = sum(int(value) for name, value in rows if name in droppable)
    except (OSError, ValueError):
        return None
    return Memory(total, total - used + kept)
