"""Whether models fit machines, with and without GPUs."""

from __future__ import annotations

import pytest

from localr1.engine.limits import GPU_RESERVE
from localr1.engine.reports import Device
from localr1.fit.machine import Machine
from localr1.fit.need import Need
from localr1.fit.verdict import Verdict, fit_of

GB = 10**9
NEED = Need(weights=4 * GB, cache=GB // 2, buffers=GB // 2, layers=35, read=3 * GB, scratch=GB)
"""5 GB, in 36 layers with the output."""


def gpu(free: int, kind: str = "gpu") -> Device:
    return Device(name="GPU0", description="", kind=kind, free=free, total=free + GB)


def machine(free: int, *devices: Device, bandwidth: float | None = None) -> Machine:
    return Machine(memory_total=2 * free, memory_free=free, devices=devices, bandwidth=bandwidth)


@pytest.mark.parametrize(
    ("share", "verdict"),
    [
        (0.2, Verdict.FITS),
        (0.849, Verdict.FITS),
        (0.851, Verdict.TIGHT),
        (1.0, Verdict.TIGHT),
        (1.001, Verdict.TOO_BIG),
    ],
)
def test_a_model_is_judged_by_the_share_of_the_free_memory_that_it_takes(
    share: float, verdict: Verdict
) -> None:
    assert fit_of(NEED, machine(round(5 * GB / share))).verdict is verdict


def test_without_a_gpu_nothing_is_said_about_layers() -> None:
    for layers in (-1, 0, 7):
        fit = fit_of(NEED, machine(8 * GB), layers)
        assert (fit.gpu_layers, fit.memory) == (layers, 5 * GB)


def test_a_gpu_with_room_takes_every_layer_and_leaves_the_buffers() -> None:
    room = 4 * GB + GB // 2 + GB + GPU_RESERVE
    fit = fit_of(NEED, machine(GB, gpu(room)))
    assert (fit.gpu_layers, fit.memory, fit.verdict) == (-1, GB // 2, Verdict.FITS)
    assert fit_of(NEED, machine(GB, gpu(room - 1))).gpu_layers == 35


def test_a_gpu_with_less_room_takes_as_many_layers_as_fit() -> None:
    fit = fit_of(NEED, machine(8 * GB, gpu(GB + GPU_RESERVE + 9 * GB // 4)))
    assert fit.gpu_layers == 18
    assert fit.memory == GB // 2 + (4 * GB + GB // 2) // 2


def test_a_gpu_that_is_full_takes_no_layer() -> None:
    fit = fit_of(NEED, machine(8 * GB, gpu(GB // 4)))
    assert (fit.gpu_layers, fit.memory) == (0, 5 * GB)


def test_two_gpus_share_a_model() -> None:
    each = GPU_RESERVE + GB + 9 * GB // 4
    assert fit_of(NEED, machine(8 * GB, gpu(each), gpu(each))).gpu_layers == -1
    assert fit_of(NEED, machine(8 * GB, gpu(each))).gpu_layers == 18


def test_a_second_gpu_that_is_full_takes_nothing_away_from_the_first() -> None:
    room = GPU_RESERVE + GB + 4 * GB + GB // 2
    assert fit_of(NEED, machine(GB, gpu(room), gpu(GB // 4))).gpu_layers == -1


def test_a_gpu_that_does_not_tell_its_memory_is_left_to_the_engine() -> None:
    silent = Device(name="GPU0", description="", kind="gpu", free=0, total=0)
    assert fit_of(NEED, machine(8 * GB, silent)).gpu_layers == -1


def test_beside_a_gpu_with_memory_of_its_own_another_one_does_not_count() -> None:
    fit = fit_of(NEED, machine(8 * GB, gpu(20 * GB, "igpu"), gpu(GPU_RESERVE + GB + 9 * GB // 4)))
    assert fit.gpu_layers == 18


def test_a_gpu_without_memory_of_its_own_takes_what_main_memory_has() -> None:
    fit = fit_of(NEED, machine(8 * GB, gpu(6 * GB, "igpu")))
    assert (fit.gpu_layers, fit.memory) == (-1, 5 * GB)


def test_the_layers_that_the_user_wants_on_the_gpu_are_taken_as_they_are() -> None:
    fit = fit_of(NEED, machine(8 * GB, gpu(20 * GB)), 9)
    assert (fit.gpu_layers, fit.memory) == (9, GB // 2 + (4 * GB + GB // 2) * 27 // 36)
    assert fit_of(NEED, machine(8 * GB, gpu(20 * GB)), 99).memory == GB // 2


def test_a_speed_comes_from_the_bandwidth_and_the_weights_that_are_read() -> None:
    slow = fit_of(NEED, machine(8 * GB, bandwidth=20 * GB)).tokens_per_second
    fast = fit_of(NEED, machine(8 * GB, bandwidth=40 * GB)).tokens_per_second
    assert slow
    assert fast
    assert 4 < slow < 5
    assert 1.9 < fast / slow < 2


def test_a_tiny_model_is_bounded_by_its_layers() -> None:
    tiny = Need(weights=1000, cache=0, buffers=0, layers=10, read=1000, scratch=0)
    speed = fit_of(tiny, machine(8 * GB, bandwidth=40 * GB)).tokens_per_second
    assert speed
    assert 900 < speed < 1001


def test_the_speed_of_a_gpu_with_memory_of_its_own_is_not_guessed() -> None:
    with_gpu = machine(8 * GB, gpu(20 * GB), bandwidth=20 * GB)
    assert fit_of(NEED, with_gpu).tokens_per_second is None
    assert fit_of(NEED, with_gpu, 0).tokens_per_second


def test_a_gpu_that_shares_main_memory_is_as_fast_as_that_is() -> None:
    shared = machine(8 * GB, gpu(20 * GB, "igpu"), bandwidth=20 * GB)
    assert fit_of(NEED, shared).tokens_per_second


def test_without_a_measured_bandwidth_there_is_no_speed() -> None:
    assert fit_of(NEED, machine(8 * GB)).tokens_per_second is None
