"""This machine, measured for the question whether a model fits."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from localr1.engine.reports import Device
from localr1.errors import EngineError
from localr1.fit.machine import Machine, measure_machine
from localr1.paths import Paths

CPU_LIBRARIES = ("libggml-base", "libggml-blas", "libggml-cpu", "libggml-rpc")
"""Parts of llama.cpp that compute on the processor; what else is named so drives a GPU."""


def this_machine(paths: Paths) -> Machine:
    """Its memory, its cores, and its GPUs where llama.cpp was built for any."""
    return measure_machine(_devices(paths) if _drives_gpus() else (), paths.machine_file)


def _drives_gpus() -> bool:
    """Asking the engine takes a tenth of a second, which is saved where only the processor computes."""
    spec = find_spec("llama_cpp")
    if not spec or not spec.origin:
        return False
    libraries = Path(spec.origin).with_name("lib").glob("libggml-*")
    return any(not library.name.startswith(CPU_LIBRARIES) for library in libraries)


def _devices(paths: Paths) -> tuple[Device, ...]:
    """None where the engine does not start: whoever loads a model is told why."""
    from localr1.cli.cancelling import run
    from localr1.engine.client import Engine

    async def ask() -> tuple[Device, ...]:
        async with Engine.start(paths.engine_log) as engine:
            return (await engine.about()).devices

    try:
        return run(ask())
    except EngineError:
        return ()
