"""How busy other programs are, read from what the kernel says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from localr1.engine.worker.others import Others

CPUS = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
TICKS = os.sysconf("SC_CLK_TCK")

pytestmark = pytest.mark.skipif(not CPUS, reason="only Linux says which cores may be used")


class Kernel:
    """Writes its counts into a file, as proc does; every number in seconds."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.now = 1000.0
        self.own = 0.0
        self.counts = {cpu: [0.0] * 8 for cpu in (*CPUS, max(CPUS) + 1)}
        self.write()

    def write(self) -> None:
        lines = ["cpu  1 2 3 4 5 6 7 8 9 10"]
        for cpu, counts in self.counts.items():
            lines.append(f"cpu{cpu} {' '.join(str(round(count * TICKS)) for count in counts)} 0 0")
        self.file.write_text("\n".join([*lines, "intr 1 2 3", "ctxt 4"]))

    def spend(self, field: int, seconds: float, cpu: int = CPUS[0] if CPUS else 0) -> None:
        self.counts[cpu][field] += seconds
        self.write()

    def others(self) -> Others:
        return Others(self.file, own_seconds=lambda: self.own, clock=lambda: self.now)


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    yield Kernel(tmp_path / "stat")


@pytest.mark.parametrize("field", [0, 2, 5, 6, 7], ids=["user", "system", "irq", "softirq", "steal"])
def test_time_that_others_take_counts(kernel: Kernel, field: int) -> None:
    others = kernel.others()
    kernel.now += 0.5
    kernel.spend(field, 0.5)
    assert others.cores() == pytest.approx(1.0)


@pytest.mark.parametrize("field", [1, 3, 4], ids=["nice", "idle", "iowait"])
def test_time_that_nobody_is_kept_from_does_not(kernel: Kernel, field: int) -> None:
    others = kernel.others()
    kernel.now += 0.5
    kernel.spend(field, 0.5)
    assert others.cores() == 0.0


def test_our_own_time_is_not_theirs(kernel: Kernel) -> None:
    others = kernel.others()
    kernel.now, kernel.own = kernel.now + 1.0, 0.75
    kernel.spend(0, 1.0)
    assert others.cores() == pytest.approx(0.25)


def test_cores_that_are_not_ours_do_not_matter(kernel: Kernel) -> None:
    others = kernel.others()
    kernel.now += 1.0
    kernel.spend(0, 1.0, cpu=max(CPUS) + 1)
    assert others.cores() == 0.0


def test_each_answer_is_about_the_time_since_the_last(kernel: Kernel) -> None:
    others = kernel.others()
    kernel.now += 1.0
    kernel.spend(0, 1.0)
    others.cores()
    kernel.now += 1.0
    assert others.cores() == 0.0


def test_too_short_a_time_says_nothing(kernel: Kernel) -> None:
    others = kernel.others()
    kernel.now += 0.01
    assert others.cores() is None


def test_where_the_kernel_does_not_say_nothing_is_known(tmp_path: Path) -> None:
    others = Others(tmp_path / "stat")
    assert others.cores() is None


def test_the_real_kernel_is_understood() -> None:
    now = iter((0.0, 1.0))
    others = Others(clock=lambda: next(now))
    cores = others.cores()
    assert cores is not None
    assert 0.0 <= cores <= len(CPUS) * 2
