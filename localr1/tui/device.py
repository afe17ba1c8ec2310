"""What a model is computed on, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from localr1.engine.protocol import Device, ModelInfo
from localr1.safe_text import safe_line
from localr1.wording import plural

DEVICE_LENGTH = 20
"""Characters of the longest GPU's name that is shown whole."""


def device_name(info: ModelInfo, devices: Sequence[Device]) -> str:
    """What computes: the GPU and the layers on it, or so many threads of the CPU."""
    gpu = next((device for device in devices if device.kind in ("gpu", "igpu")), None)
    if gpu is None or not info.gpu_layers:
        return plural(info.threads, "thread")
    name = safe_line(gpu.description or gpu.name).removeprefix("NVIDIA ").removeprefix("GeForce ")
    short = name if len(name) <= DEVICE_LENGTH else f"{name[: DEVICE_LENGTH - 1].rstrip()}…"
    return f"{short}, {plural(info.gpu_layers, 'layer')}"
