"""Which loaded model spares a load."""

from __future__ import annotations

import msgspec
import pytest

from localr1.engine.held import held_model
from localr1.engine.reports import Device, Held, ModelInfo, Ready
from localr1.engine.requests import Load

CPU = Device("CPU", "", "cpu", 0, 0)
GPU = Device("CUDA0", "", "gpu", 1, 1)
MODEL = ModelInfo(
    name="m",
    architecture="qwen2",
    description="",
    parameters=1,
    size=1,
    context_train=1,
    context=1,
    threads=1,
    gpu_layers=0,
    template="",
    generation_prompt="",
    load_seconds=1,
)
LOAD = Load(id=3, path=b"/m.gguf", context=512, gpu_layers=0)


def spared(wanted: Load, held: Load = LOAD, *devices: Device) -> bool:
    ready = Ready(version=1, llama_cpp="", system_info="", devices=devices or (CPU,), held=Held(held, MODEL))
    return held_model(ready, wanted) is MODEL


def test_the_same_model_in_the_same_way_is_not_loaded_again() -> None:
    assert spared(msgspec.structs.replace(LOAD, id=1))


@pytest.mark.parametrize(
    "change", [{"path": b"/n.gguf"}, {"context": 1024}, {"threads": 1}, {"template": "x"}, {"gpu_layers": 1}]
)
def test_another_model_or_another_way_is_loaded(change: dict[str, object]) -> None:
    assert not spared(msgspec.structs.replace(LOAD, **change))


@pytest.mark.parametrize(
    ("layers", "devices", "enough"), [(0, (CPU,), True), (0, (CPU, GPU), False), (7, (CPU, GPU), True)]
)
def test_layers_that_nobody_chooses_are_taken_as_they_are(
    layers: int, devices: tuple[Device, ...], enough: bool
) -> None:
    held = msgspec.structs.replace(LOAD, gpu_layers=layers)
    assert spared(msgspec.structs.replace(LOAD, gpu_layers=-1), held, *devices) == enough


def test_nothing_is_spared_where_nothing_is_held() -> None:
    assert held_model(Ready(version=1, llama_cpp="", system_info="", devices=()), LOAD) is None
