"""What there is to compute on."""

from __future__ import annotations

import pytest

from localr1.engine.client import Engine
from localr1.engine.worker.bindings import device_kind


async def test_the_worker_says_what_llama_cpp_is_built_for_and_what_there_is(engine: Engine) -> None:
    about = await engine.about()
    assert "CPU" in about.backends
    assert "cpu" in {device.kind for device in about.devices}


@pytest.mark.parametrize(
    ("name", "kind", "machine", "said"),
    [
        ("CUDA0", 1, "x86_64", "gpu"),
        ("CUDA0", 2, "aarch64", "igpu"),
        ("MTL0", 1, "arm64", "igpu"),
        ("MTL0", 1, "x86_64", "gpu"),
        ("BLAS", 3, "x86_64", "accel"),
        ("Meta", 4, "x86_64", "other"),
    ],
)
def test_the_gpu_of_an_apple_processor_has_no_memory_of_its_own(
    name: str, kind: int, machine: str, said: str
) -> None:
    assert device_kind(name, kind, machine) == said
