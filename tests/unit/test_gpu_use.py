"""What the doctor says of a GPU."""

from __future__ import annotations

import re
import sys

import pytest

from localr1.cli.gpu_use import gpu_lines
from localr1.config import Config
from localr1.engine.reports import Device, Ready
from localr1.fit.machine import Machine
from localr1.fit.need import Need
from localr1.fit.verdict import fit_of

GB = 10**9
CPU = Device("CPU", "a processor", "cpu", 8 * GB, 8 * GB)
NEED = Need(weights=4 * GB, cache=GB // 2, buffers=GB // 2, layers=35, read=3 * GB, scratch=GB)


def gpu(free: int, kind: str = "gpu") -> Device:
    return Device("CUDA0", "NVIDIA GeForce RTX 3060", kind, free, 12 * GB)


def said(*devices: Device, backends: tuple[str, ...] = ("CPU",), gpu_layers: int = -1) -> str:
    ready = Ready(version=1, llama_cpp="", system_info="", devices=(CPU, *devices), backends=backends)
    fit = fit_of(NEED, Machine(8 * GB, 8 * GB, devices=ready.devices), gpu_layers)
    return "\n".join(gpu_lines(ready, Config(model="own-7b", gpu_layers=gpu_layers), fit))


def test_a_build_for_the_processor_only_is_named_with_the_command_that_mends_it() -> None:
    words = said()
    assert words.startswith("not used: llama.cpp is built for the processor only")
    assert f'CMAKE_ARGS="-DGGML_CUDA=on" {sys.executable} -m pip install' in words
    assert re.search(r"llama-cpp-python==\d", words)


@pytest.mark.parametrize("backends", [("CUDA", "CPU"), ("BLAS", "CUDA", "CPU")])
def test_a_build_for_a_gpu_that_finds_none_asks_for_its_driver(backends: tuple[str, ...]) -> None:
    words = said(backends=backends)
    assert words.startswith("not used: llama.cpp is built for CUDA and finds no device; is its driver")
    assert "nvidia-smi" in words


def test_a_gpu_that_the_settings_leave_out_is_said_to_be_so() -> None:
    assert said(gpu(11 * GB), backends=("CUDA", "CPU"), gpu_layers=0).startswith(
        "not used: the setting `gpu_layers` is 0"
    )


def test_a_gpu_that_is_full_is_said_to_have_room_for_no_layer() -> None:
    words = said(gpu(GB), backends=("CUDA", "CPU"))
    assert words.startswith("not used: no layer of own-7b fits, of its memory 1.00 GB are free")
    assert "other programs closed" in words


def test_a_gpu_with_room_for_a_part_says_how_much() -> None:
    words = said(gpu(4 * GB), backends=("CUDA", "CPU"))
    assert words.startswith("used: 19 of the 36 layers of own-7b")
    assert "other programs closed" in words


@pytest.mark.parametrize("kind", ["gpu", "igpu"])
def test_a_gpu_that_takes_all_is_all_there_is_to_say(kind: str) -> None:
    assert said(gpu(11 * GB, kind), backends=("CUDA", "CPU")) == "used: 36 of the 36 layers of own-7b"
