"""Whether a GPU is used, and if not, why, and what would change that."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import version
from shlex import quote

from localr1.config import Config
from localr1.engine.reports import Device, Ready
from localr1.fit.verdict import ALL_LAYERS, Fit
from localr1.units import size_text

PROCESSORS = frozenset({"CPU", "BLAS", "RPC"})
"""What llama.cpp may be built with that is no GPU."""


def gpu_lines(ready: Ready, config: Config, fit: Fit | None) -> Iterator[str]:
    """What becomes of a GPU; `fit` is that of the model of new chats, None where it is not known."""
    gpus = [device for device in ready.devices if device.kind in ("gpu", "igpu")]
    if not gpus:
        yield from _without(ready)
    elif config.gpu_layers == 0:
        yield "not used: the setting `gpu_layers` is 0; −1 puts on it as many layers as it has room for"
    elif fit is None:
        yield "used as far as a model's layers have room on it"
    else:
        yield from _with(gpus, fit, config.model)


def _without(ready: Ready) -> Iterator[str]:
    built_for = [name for name in ready.backends if name not in PROCESSORS]
    if built_for:
        names = ", ".join(built_for)
        yield f"not used: llama.cpp is built for {names} and finds no device; is its driver installed?"
        yield "for NVIDIA, `nvidia-smi` has to list it; in a container, the container has to be given it"
    else:
        yield "not used: llama.cpp is built for the processor only; for CUDA rebuild it (docs/install.md):"
        yield _rebuild()


def _rebuild() -> str:
    """The command, for the Python and the version of the bindings that run here."""
    pip = f"{quote(sys.executable)} -m pip install --force-reinstall --no-cache-dir --no-deps"
    return f'CMAKE_ARGS="-DGGML_CUDA=on" {pip} llama-cpp-python=={version("llama-cpp-python")}'


def _with(gpus: list[Device], fit: Fit, model: str) -> Iterator[str]:
    whole = fit.need.layers + 1
    layers = whole if fit.gpu_layers == ALL_LAYERS else min(fit.gpu_layers, whole)
    free = size_text(sum(gpu.free for gpu in gpus))
    if layers:
        yield f"used: {layers} of the {whole} layers of {model}"
    else:
        yield f"not used: no layer of {model} fits, of its memory {free} are free"
    if layers < whole:
        yield 'more fit with other programs closed, a smaller quant or context, or cache_type = "q8_0"'
