"""The machine that models shall run on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from localr1.cores import count_cores
from localr1.engine.reports import Device
from localr1.memory import read_memory

_ARM = ("arm", "aarch64")


@dataclass(frozen=True, slots=True)
class Machine:
    """What a model can have of it; memory in bytes."""

    memory_total: int
    memory_free: int
    cores: int = 1
    """Those that compute, as `count_cores` counts them."""
    devices: tuple[Device, ...] = ()
    bandwidth: float | None = None
    """Bytes a second that all cores together read from memory; None where it was not measured."""
    arm: bool = False

    @property
    def gpus(self) -> tuple[Device, ...]:
        """Those with memory of their own."""
        return tuple(device for device in self.devices if device.kind == "gpu" and device.total)


def measure_machine(devices: Sequence[Device], cache_file: Path, *, held: int = 0) -> Machine:
    """The machine as it is now; its bandwidth is measured once, which takes a third of a second.

    `held` bytes of memory belong to a worker that will end or unload before they are needed.
    """
    from localr1.fit.bandwidth import known_bandwidth

    memory = read_memory(held)
    cores = count_cores()
    return Machine(
        memory_total=memory.total,
        memory_free=memory.free,
        cores=cores,
        devices=tuple(devices),
        bandwidth=known_bandwidth(cache_file, cores, memory.free),
        arm=os.uname().machine.startswith(_ARM),
    )
