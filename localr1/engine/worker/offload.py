"""How layers are put on GPUs: shared among them, and fewer where they have less memory than they said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from localr1.engine.limits import GPU_RESERVE
from localr1.engine.reports import Device
from localr1.engine.worker.errors import LoadFailedError

T = TypeVar("T")

FEWER = (0.75, 0.5, 0.25)
"""Shares of the layers that are tried in turn, before none."""


def load_with_room(load: Callable[[int], T], layers: int) -> T:
    """Load with so many layers on GPUs, or with fewer while there is no memory; raises LoadFailedError."""
    for count in _tried(layers):
        try:
            return load(count)
        except LoadFailedError as error:
            if error.kind != "memory":
                raise
    return load(0)


def _tried(layers: int) -> Iterator[int]:
    """Numbers other than 0, the largest first; −1 stands for all of a number that nobody knows."""
    if layers < 0:
        yield layers
        return
    yield from sorted({layers, *(int(layers * share) for share in FEWER)} - {0}, reverse=True)


def gpu_shares(devices: Sequence[Device]) -> list[int]:
    """What each of several GPUs can take beside what is left to its driver; empty where there is no choice.

    llama.cpp divides the layers by the free memory, and would fill a small GPU to its brim.
    """
    gpus = [device for device in devices if device.kind == "gpu"]
    return [max(gpu.free - GPU_RESERVE, 0) for gpu in gpus] if len(gpus) > 1 else []
