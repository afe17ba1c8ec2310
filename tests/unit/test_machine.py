"""What a machine has: memory under limits, and a bandwidth that is measured once."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from localr1.fit.bandwidth import known_bandwidth, measure_bandwidth
from localr1.fit.machine import measure_machine
from localr1.memory import Memory, held_memory, read_memory, resident_memory

MIB = 2**20
GIB = 2**30


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine with 8 GiB of memory, of which 5 are free."""
    write(tmp_path, "proc/meminfo", f"MemTotal: {8 * MIB} kB\nMemFree: 7 kB\nMemAvailable: {5 * MIB} kB\n")
    return tmp_path


@pytest.fixture
def remembered(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "machine.json"


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def limit(root: Path, group: str, *, most: str, used: int, files: int = 0) -> None:
    """A control group of version 2."""
    write(root, f"sys/fs/cgroup/{group}/memory.max", most)
    write(root, f"sys/fs/cgroup/{group}/memory.current", str(used))
    write(root, f"sys/fs/cgroup/{group}/memory.stat", f"anon 5\ninactive_file {files}\nactive_file 0\n")


def test_what_the_kernel_calls_available_is_free(root: Path) -> None:
    assert read_memory(root=root) == Memory(8 * GIB, 5 * GIB)


def test_what_our_own_worker_holds_counts_as_free(root: Path) -> None:
    assert read_memory(GIB, root) == Memory(8 * GIB, 6 * GIB)
    assert read_memory(20 * GIB, root).free == 8 * GIB


def test_a_control_group_with_less_memory_counts(root: Path) -> None:
    write(root, "proc/self/cgroup", "0::/user/app\n")
    limit(root, "user/app", most=str(2 * GIB), used=GIB)
    assert read_memory(root=root) == Memory(2 * GIB, GIB)


def test_files_that_a_control_group_keeps_at_hand_count_as_free(root: Path) -> None:
    write(root, "proc/self/cgroup", "0::/app\n")
    limit(root, "app", most=str(2 * GIB), used=2 * GIB, files=GIB)
    assert read_memory(root=root).free == GIB


def test_a_control_group_that_has_taken_more_than_its_limit_has_nothing_free(root: Path) -> None:
    write(root, "proc/self/cgroup", "0::/app\n")
    limit(root, "app", most=str(GIB), used=2 * GIB)
    assert read_memory(root=root).free == 0


def test_a_control_group_without_a_limit_changes_nothing(root: Path) -> None:
    write(root, "proc/self/cgroup", "0::/app\n")
    limit(root, "app", most="max", used=GIB)
    assert read_memory(root=root) == Memory(8 * GIB, 5 * GIB)


def test_the_limit_of_a_group_further_up_counts_too(root: Path) -> None:
    write(root, "proc/self/cgroup", "0::/user/app\n")
    limit(root, "user", most=str(3 * GIB), used=GIB)
    limit(root, "user/app", most="max", used=GIB)
    assert read_memory(root=root) == Memory(3 * GIB, 2 * GIB)


def test_a_container_that_sees_its_own_group_as_the_root_has_its_limit(root: Path) -> None:
    write(root, "proc/self/cgroup", "0::/not/seen/inside\n")
    limit(root, ".", most=str(GIB), used=0)
    assert read_memory(root=root) == Memory(GIB, GIB)


def test_a_control_group_of_the_first_version_counts(root: Path) -> None:
    write(root, "proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/app\n")
    write(root, "sys/fs/cgroup/memory/app/memory.limit_in_bytes", str(2 * GIB))
    write(root, "sys/fs/cgroup/memory/app/memory.usage_in_bytes", str(2 * GIB))
    write(root, "sys/fs/cgroup/memory/app/memory.stat", f"total_inactive_file {GIB}\ncache 3\n")
    assert read_memory(root=root) == Memory(2 * GIB, GIB)


def test_without_the_kernels_files_another_way_is_found(tmp_path: Path) -> None:
    memory = read_memory(root=tmp_path)
    assert 0 < memory.free <= memory.total


def test_of_a_process_only_what_is_no_file_comes_free(root: Path) -> None:
    write(root, "proc/7/status", "Name: python\nVmRSS:\t 900 kB\nRssAnon:\t 600 kB\nRssFile:\t 300 kB\n")
    assert held_memory(7, root) == 600 * 1024
    assert held_memory(8, root) == 0
    assert held_memory(None, root) == 0


def test_what_a_process_takes_counts_the_files_that_it_has_mapped(root: Path) -> None:
    write(root, "proc/7/status", "Name: python\nVmRSS:\t 900 kB\nRssAnon:\t 600 kB\nRssFile:\t 300 kB\n")
    (root / "proc/self").mkdir(parents=True)
    assert resident_memory(7, root) == 900 * 1024
    assert resident_memory(8, root) == 0
    assert resident_memory(None, root) == 0


def test_without_proc_the_memory_of_a_process_is_asked_for_elsewhere(tmp_path: Path) -> None:
    assert resident_memory(os.getpid(), tmp_path) > 1_000_000
    assert resident_memory(2**22 + 1, tmp_path) == 0


def known(file: Path, *, cores: int = 1, free: int = 64 * MIB, load: float = 0.0) -> float | None:
    """On a machine where so many processes want to run."""
    return known_bandwidth(file, cores, free, lambda: load)


def test_what_was_measured_on_a_busy_machine_is_measured_again_and_the_faster_counts(
    remembered: Path,
) -> None:
    known(remembered, load=0.6)
    text = remembered.read_text()
    figure = text.partition('"bandwidth":')[2].partition(",")[0]
    remembered.write_text(text.replace(figure, "5.0"))
    assert known(remembered) != 5.0
    remembered.write_text(text.replace(figure, "1e15"))
    assert known(remembered) == 1e15
    assert known(remembered) == 1e15
    assert '"busy":false' in remembered.read_text()


def test_a_bandwidth_is_measured_once_and_remembered(remembered: Path) -> None:
    measured = known(remembered)
    assert measured
    assert 10**8 < measured < 10**13
    assert known(remembered) == measured


def test_what_is_remembered_is_private(remembered: Path) -> None:
    mask = os.umask(0)
    try:
        known(remembered)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(remembered.stat().st_mode) == 0o600
    assert stat.S_IMODE(remembered.parent.stat().st_mode) == 0o700
    assert [path.name for path in remembered.parent.iterdir()] == [remembered.name]


def test_what_is_remembered_is_believed_of_the_same_processor_and_cores_only(remembered: Path) -> None:
    known(remembered)
    text = remembered.read_text()
    remembered.write_text(text.replace(text.partition('"bandwidth":')[2], "5.0}"))
    assert known(remembered) == 5.0
    assert known(remembered, cores=2) != 5.0
    remembered.write_text(remembered.read_text().replace('"processor":"', '"processor":"Other '))
    assert known(remembered, cores=2) != 5.0


@pytest.mark.parametrize("content", ["", "{", "[]", '{"bandwidth": 1}', '{"bandwidth":-1}', "\ufffd" * 9000])
def test_what_is_damaged_is_measured_anew(remembered: Path, content: str) -> None:
    remembered.parent.mkdir()
    remembered.write_text(content)
    measured = known(remembered)
    assert measured
    assert measured > 10**8
    assert known(remembered) == measured


def test_a_negative_bandwidth_is_not_believed(remembered: Path) -> None:
    known(remembered)
    text = remembered.read_text()
    remembered.write_text(text.replace('"bandwidth":', '"bandwidth":-'))
    measured = known(remembered)
    assert measured
    assert measured > 0


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_where_nothing_can_be_remembered_it_is_measured_all_the_same(remembered: Path) -> None:
    remembered.parent.mkdir(mode=0o500)
    assert known(remembered)


def test_a_directory_in_the_place_of_the_file_does_no_harm(remembered: Path) -> None:
    remembered.mkdir(parents=True)
    assert known(remembered)


def test_with_no_memory_free_nothing_is_measured(remembered: Path) -> None:
    assert known(remembered, free=1000) is None
    assert not remembered.exists()


def test_every_thread_reads_a_part_of_its_own() -> None:
    assert measure_bandwidth(3, 12 * MIB) > 10**8


def test_this_machine_is_measured_whole(remembered: Path) -> None:
    machine = measure_machine((), remembered)
    assert 0 < machine.memory_free <= machine.memory_total
    assert 1 <= machine.cores <= (os.cpu_count() or 1)
    assert machine.bandwidth
    assert machine.gpus == ()
    assert machine.arm == os.uname().machine.startswith(("arm", "aarch64"))
