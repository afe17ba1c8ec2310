"""What a model is computed on, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from localr1.engine.reports import Device, ModelInfo
from localr1.safe_text import safe_line
from localr1.wording import plural

DEVICE_LENGTH = 20
"""Characters of the longest GPU's name that is shown whole."""


def device_name(info: ModelInfo, devices: Sequence[Device]) -> str:
    """What computes: the GPU and the layers on it, or so many threads of the CPU."""
    gpus = [device for device in devices if device.kind in ("gpu", "igpu")]
    gpu = min(gpus, key=lambda device: device.kind, default=None)  # one with memory of its own is used alone
    if gpu is None or not info.gpu_layers:
        return plural(info.threads, "thread")
    name = safe_line(gpu.description or gpu.name).removeprefix("NVIDIA ").removeprefix("GeForce ")
    short = name if len(name) <= DEVICE_LENGTH else f"{name[: DEVICE_LENGTH - 1].rstrip()}…"
    if info.gpu_layers_left:
        return f"{short}, {info.gpu_layers} of {plural(info.gpu_layers + info.gpu_layers_left, 'layer')}"
    return f"{short}, {plural(info.gpu_layers, 'layer')}"
