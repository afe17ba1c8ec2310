"""Cores are counted on machines that are trees of the kernel's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.cores import count_cores, usable_cpus

EIGHT = range(8)


def put(root: Path, **files: str) -> Path:
    """A machine with these files, `__` for each slash."""
    for name, text in files.items():
        file = root / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")
    return root


def put_of_each(root: Path, name: str, texts: dict[int, str]) -> None:
    for cpu, text in texts.items():
        file = root / f"sys/devices/system/cpu/cpu{cpu}" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")


def test_a_machine_that_says_nothing_has_a_core_for_each_processor(tmp_path: Path) -> None:
    assert count_cores(tmp_path, EIGHT) == 8


def test_hyperthreads_are_one_core(tmp_path: Path) -> None:
    put_of_each(tmp_path, "topology/thread_siblings_list", {cpu: f"{cpu % 4},{cpu % 4 + 4}" for cpu in EIGHT})
    assert count_cores(tmp_path, EIGHT) == 4


def test_processors_that_this_process_may_not_use_do_not_count(tmp_path: Path) -> None:
    put_of_each(tmp_path, "topology/thread_siblings_list", {cpu: f"{cpu % 4},{cpu % 4 + 4}" for cpu in EIGHT})
    assert count_cores(tmp_path, {0, 1, 4}) == 2


def test_efficient_cores_of_a_hybrid_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, sys__devices__cpu_core__cpus="0-3,6", sys__devices__cpu_atom__cpus="4-5,7")
    assert count_cores(tmp_path, EIGHT) == 5


def test_a_process_on_efficient_cores_alone_uses_them(tmp_path: Path) -> None:
    put(tmp_path, sys__devices__cpu_core__cpus="0-3", sys__devices__cpu_atom__cpus="4-7")
    assert count_cores(tmp_path, {4, 5, 6}) == 3


@pytest.mark.parametrize(("small", "cores"), [(325, 4), (760, 4), (780, 8), (1024, 8)])
def test_cores_that_are_much_slower_are_left_out(tmp_path: Path, small: int, cores: int) -> None:
    put_of_each(tmp_path, "cpu_capacity", {cpu: str(small if cpu < 4 else 1024) for cpu in EIGHT})
    assert count_cores(tmp_path, EIGHT) == cores


@pytest.mark.parametrize(
    ("limit", "cores"),
    [("max 100000", 8), ("300000 100000", 3), ("150000 100000", 2), ("10000 100000", 1), ("", 8), ("max", 8)],
)
def test_a_control_group_limits_them(tmp_path: Path, limit: str, cores: int) -> None:
    put(tmp_path, proc__self__cgroup="0::/user.slice/app", sys__fs__cgroup__user="")
    put(tmp_path / "sys/fs/cgroup/user.slice/app", **{"cpu.max": limit})
    assert count_cores(tmp_path, EIGHT) == cores


def test_the_groups_around_it_limit_it_as_well(tmp_path: Path) -> None:
    put(tmp_path, proc__self__cgroup="0::/user.slice/app")
    put(tmp_path / "sys/fs/cgroup/user.slice/app", **{"cpu.max": "600000 100000"})
    put(tmp_path / "sys/fs/cgroup/user.slice", **{"cpu.max": "200000 100000"})
    assert count_cores(tmp_path, EIGHT) == 2


@pytest.mark.parametrize(("quota", "cores"), [("-1", 8), ("250000", 3)])
def test_groups_of_the_first_version_limit_it(tmp_path: Path, quota: str, cores: int) -> None:
    """In a container the path is the one outside of it, which is not there; its own group is the root."""
    put(tmp_path, proc__self__cgroup="3:cpuset:/docker/1\n1:cpu,cpuacct:/docker/1\n0::/")
    group = {"cpu.cfs_quota_us": quota, "cpu.cfs_period_us": "100000"}
    put(tmp_path / "sys/fs/cgroup/cpu,cpuacct", **group)
    assert count_cores(tmp_path, EIGHT) == cores


def test_this_machine_has_some() -> None:
    assert 1 <= count_cores() <= len(usable_cpus())
