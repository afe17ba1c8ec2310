"""Layers on GPUs whose memory is not what it was said to be."""

from __future__ import annotations

import pytest

from localr1.engine.limits import GPU_RESERVE
from localr1.engine.reports import Device, FailureKind
from localr1.engine.worker.errors import LoadFailedError
from localr1.engine.worker.offload import gpu_shares, load_with_room

GB = 10**9


class Loader:
    """Has room for so many layers on its GPU."""

    def __init__(self, room: int, kind: FailureKind = "memory") -> None:
        self.room, self.kind = room, kind
        self.tried: list[int] = []

    def __call__(self, layers: int) -> int:
        self.tried.append(layers)
        if layers < 0 or layers > self.room:
            raise LoadFailedError(self.kind, "unable to allocate CUDA0 buffer")
        return layers


@pytest.mark.parametrize(
    ("wanted", "room", "tried"),
    [
        (29, 29, [29]),
        (29, 20, [29, 21, 14]),
        (29, 3, [29, 21, 14, 7, 0]),
        (1, 0, [1, 0]),
        (-1, 20, [-1, 0]),
        (0, 0, [0]),
    ],
)
def test_fewer_layers_are_tried_while_there_is_no_memory_and_at_last_none(
    wanted: int, room: int, tried: list[int]
) -> None:
    loader = Loader(room)
    assert load_with_room(loader, wanted) == tried[-1]
    assert loader.tried == tried


def test_where_there_is_no_memory_without_a_gpu_either_the_load_fails() -> None:
    loader = Loader(-1)
    with pytest.raises(LoadFailedError) as failed:
        load_with_room(loader, 8)
    assert (failed.value.kind, loader.tried[-1]) == ("memory", 0)


@pytest.mark.parametrize("kind", ["model", "template", "cancelled"])
def test_what_fails_for_another_reason_is_not_tried_again(kind: FailureKind) -> None:
    loader = Loader(-1, kind)
    with pytest.raises(LoadFailedError):
        load_with_room(loader, 8)
    assert loader.tried == [8]


def gpu(free: int, kind: str = "gpu") -> Device:
    return Device(name="GPU0", description="", kind=kind, free=free, total=20 * GB)


def test_each_of_several_gpus_takes_what_it_has_beside_what_its_driver_keeps() -> None:
    devices = (gpu(9 * GB, "cpu"), gpu(8 * GB), gpu(GPU_RESERVE // 2), gpu(GPU_RESERVE + GB))
    assert gpu_shares(devices) == [8 * GB - GPU_RESERVE, 0, GB]


def test_a_gpu_alone_and_one_without_memory_of_its_own_are_left_to_llama_cpp() -> None:
    assert gpu_shares((gpu(8 * GB),)) == gpu_shares((gpu(8 * GB), gpu(8 * GB, "igpu"))) == []
