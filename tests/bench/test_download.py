"""How fast a file of 1 GB comes from a hub on loopback, with and without hashing, and all of a pull with it.

.venv/bin/pytest -m bench -s tests/bench/test_download.py
"""

from __future__ import annotations

import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from localr1.config import Config
from localr1.hub.checking import Checker
from localr1.hub.download import Download
from localr1.hub.hashing import Hash, hashing
from localr1.hub.hub import Hub, open_hub
from localr1.hub.part import open_part
from localr1.hub.pull import pull
from localr1.hub.remote import RemoteModel
from localr1.hub.speed import Meter
from localr1.hub.stop import Stop
from localr1.hub.target import HubTarget
from tests.hub.server import HubServer

ROUNDS = 5
SIZE = 1_000_000_000
PIECE = 10_000_000
REPO = "maker/Big-GGUF"
TARGET = HubTarget(REPO)


class NoHash:
    """Knows the answer without looking."""

    def __init__(self, answer: str) -> None:
        self._answer = answer

    def update(self, data: memoryview, /) -> None:
        """Not a byte is looked at."""

    def hexdigest(self) -> str:
        return self._answer


@pytest.fixture
def big(tmp_path: Path) -> Iterator[Path]:
    """Too large to be left behind."""
    path = tmp_path / "Big-Q4_K_M.gguf"
    try:
        with path.open("wb") as file:
            for _ in range(SIZE // PIECE):
                file.write(os.urandom(PIECE))
        yield path
    finally:
        path.unlink(missing_ok=True)


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_print_the_speed_of_a_download(big: Path, tmp_path: Path) -> None:
    """All ways in turn within each round, so that a change of the machine meets all of them."""
    speeds: dict[str, list[float]] = {"without hashing": [], "with hashing": [], "the whole pull": []}
    with _server(big) as url, open_hub(Config(endpoint=url)) as hub:
        model = hub.model(TARGET)
        answer = model.files[0].sha256
        for _ in range(ROUNDS):
            speeds["without hashing"].append(_download(hub, model, tmp_path, lambda: NoHash(answer)))
            speeds["with hashing"].append(_download(hub, model, tmp_path, hashlib.sha256))
            speeds["the whole pull"].append(_pull(hub, model, tmp_path / "models"))
    medians = {name: statistics.median(found) for name, found in speeds.items()}
    print(f"\n{SIZE // 10**6:,} MB over loopback, {os.cpu_count()} cores; median MB/s of {ROUNDS} rounds")
    for name, median in medians.items():
        print(f"  {name:16} {median:6.0f}   ({min(speeds[name]):.0f} to {max(speeds[name]):.0f})")
    print(f"  with / without   {medians['with hashing'] / medians['without hashing']:6.2f}")


@contextmanager
def _server(file: Path) -> Iterator[str]:
    """In a process of its own, as a real one is; its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.test_download", str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.communicate("end\n")


def _download(hub: Hub, model: RemoteModel, directory: Path, algorithm: Callable[[], Hash]) -> float:
    """MB/s until the last byte is written and the hash known."""
    with hashing(algorithm) as hasher, open_part(directory / "part") as part:
        assert part
        checker = Checker(hasher, Meter(model.size), Stop())
        began = time.perf_counter()
        for _ in Download(model.files[0], part, hub, checker).steps():
            pass
        seconds = time.perf_counter() - began
        part.discard()
    return model.size / seconds / 1e6


def _pull(hub: Hub, model: RemoteModel, models: Path) -> float:
    """MB/s until the file is safely on disk under its name."""
    began = time.perf_counter()
    for _ in pull(hub, model, models, Stop()):
        pass
    seconds = time.perf_counter() - began
    shutil.rmtree(models)
    return model.size / seconds / 1e6


if __name__ == "__main__":
    with HubServer() as server:
        server.add(REPO, {Path(sys.argv[1]).name: Path(sys.argv[1])})
        print(server.url, flush=True)
        sys.stdin.readline()
