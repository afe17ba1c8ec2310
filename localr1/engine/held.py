"""Whether a worker holds just the model that is wanted."""

from __future__ import annotations

import msgspec

from localr1.engine.reports import ModelInfo, Ready
from localr1.engine.requests import Load


def held_model(ready: Ready, wanted: Load) -> ModelInfo | None:
    """The model that a worker had loaded before we came, if it need not be loaded again.

    Who leaves the layers on a GPU to us takes what is there; only none at all, beside a GPU, may have been
    somebody's wish.
    """
    held = ready.held
    if held is None:
        return None
    layers = wanted.gpu_layers
    if layers < 0 and (held.load.gpu_layers > 0 or all(device.kind == "cpu" for device in ready.devices)):
        layers = held.load.gpu_layers
    same = msgspec.structs.replace(wanted, id=held.load.id, gpu_layers=layers) == held.load
    return held.model if same else None
