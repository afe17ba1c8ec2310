"""Whether a model fits a machine, and how fast it will be there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from localr1.catalog_entry import Shape
from localr1.engine.limits import GPU_RESERVE
from localr1.fit.machine import Machine
from localr1.fit.need import USUAL_ROOM, Need, Room, context_for, need_of

COMFORT = 0.85
"""Share of the free memory up to which a model fits well: as a need is estimated to within 15 per cent, one
that takes more than was thought still finds room."""
EFFICIENCY = 0.75
"""Share of the measured bandwidth at which llama.cpp reads weights."""
LAYER_SECONDS = 0.0001
"""Time that a layer costs for each token, however small it is: its threads wait for each other.

Both are fitted to what two cores that read 44 GB/s made of models of 97 MB to 1.1 GB: 160 to 32 tokens a
second (tests/bench/test_bandwidth.py)."""
ALL_LAYERS = -1


class Verdict(Enum):
    """How a model goes into the memory that is free."""

    FITS = "fits well"
    TIGHT = "tight"
    TOO_BIG = "does not fit"


@dataclass(frozen=True, slots=True)
class Fit:
    """What becomes of a model on a machine."""

    need: Need
    verdict: Verdict
    memory: int
    """Bytes of main memory that it takes; less than it needs where a GPU takes a part."""
    tokens_per_second: float | None = None
    """About; None where it is not known."""
    gpu_layers: int = ALL_LAYERS
    """Layers that go to a GPU; −1 for all, and where there is none."""


def judge(
    shape: Shape | None,
    weights: int,
    machine: Machine | None,
    *,
    trained: int,
    room: Room = USUAL_ROOM,
    gpu_layers: int = ALL_LAYERS,
) -> Fit | None:
    """How a model with so many bytes of weights fits; None while its shape or the machine is not known.

    `room` is what is wanted, and `trained` the tokens that the model was trained for.
    """
    if shape is None or machine is None:
        return None
    need = need_of(shape, weights, context_for(room.context, trained), room.cache_type)
    return fit_of(need, machine, gpu_layers)


def fit_of(need: Need, machine: Machine, gpu_layers: int = ALL_LAYERS) -> Fit:
    """How a model fits; `gpu_layers` other than −1 are taken as the user's will."""
    layers = _gpu_layers(need, machine) if gpu_layers == ALL_LAYERS else gpu_layers
    memory = _main_memory(need, machine, layers)
    return Fit(need, _verdict(memory, machine.memory_free), memory, _speed(need, machine, layers), layers)


def _gpu_layers(need: Need, machine: Machine) -> int:
    """As many layers as the GPUs have room for."""
    if not machine.gpus:
        return ALL_LAYERS
    room = sum(max(gpu.free - GPU_RESERVE - need.scratch, 0) for gpu in machine.gpus)
    whole = need.weights + need.cache
    return ALL_LAYERS if whole <= room else max(0, room * (need.layers + 1) // whole)


def _main_memory(need: Need, machine: Machine, layers: int) -> int:
    """What is left to main memory; llama.cpp counts the output as one more layer."""
    if not machine.gpus:
        return need.total
    count = need.layers + 1
    left = 0 if layers == ALL_LAYERS else max(0, count - layers)
    return need.buffers + (need.weights + need.cache) * left // count


def _verdict(memory: int, free: int) -> Verdict:
    if memory <= COMFORT * free:
        return Verdict.FITS
    return Verdict.TIGHT if memory <= free else Verdict.TOO_BIG


def _speed(need: Need, machine: Machine, layers: int) -> float | None:
    """Tokens a second from main memory, a GPU without memory of its own included.

    What another GPU does is not known before it is tried.
    """
    if (machine.gpus and layers != 0) or not machine.bandwidth:
        return None
    return 1 / (need.read / (machine.bandwidth * EFFICIENCY) + need.layers * LAYER_SECONDS)
