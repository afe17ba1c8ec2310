"""Pulling from the hub on loopback, in this process or in one that can be killed."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from localr1.config import Config
from localr1.errors import StoppedError
from localr1.hub.events import Pulled, PullEvent
from localr1.hub.hub import open_hub
from localr1.hub.pull import pull
from localr1.hub.remote import RemoteFile, RemoteModel
from localr1.hub.source import Body, Source
from localr1.hub.stop import Stop
from localr1.hub.target import HubTarget
from localr1.library.part_files import parts_in
from tests.hub.faults import cut
from tests.hub.repo import Repo
from tests.hub.server import HubServer
from tests.hub.stop import Hurried, Stopping

REPO = "maker/Tiny-GGUF"
NAME = "Tiny-Q4_K_M.gguf"
CONTENT = random.Random(46).randbytes(3_000_000)
SIZE = len(CONTENT)
SPLIT = {f"Big-{number:05}-of-00003.gguf": CONTENT[number * 500_000 :][:500_000] for number in (1, 2, 3)}


class Watched:
    """A hub that tells after every read how much has come; all before the last read is written by then."""

    def __init__(self, hub: Source, tell: Callable[[int], None]) -> None:
        self._hub = hub
        self._tell = tell

    @contextmanager
    def open(self, file: RemoteFile, start: int) -> Iterator[Body]:
        with self._hub.open(file, start) as body:
            yield _WatchedBody(body, self._tell)


class _WatchedBody:
    def __init__(self, body: Body, tell: Callable[[int], None]) -> None:
        self._body = body
        self._tell = tell
        self.start = body.start
        self._position = body.start

    def read_into(self, block: memoryview) -> int:
        self._tell(self._position)
        count = self._body.read_into(block)
        self._position += count
        return count


def model_of(repo: Repo) -> RemoteModel:
    """All files of a repository, as the hub describes them."""
    return RemoteModel(
        tuple(
            RemoteFile(repo.name, repo.commit, path, file.size, file.sha256)
            for path, file in repo.files.items()
        ),
        "Q4_K_M",
        repo.license,
    )


def steps(
    server: HubServer,
    models: Path,
    stop: Stop | None = None,
    *,
    repo: str = REPO,
    tell: Callable[[int], None] = lambda position: None,
) -> Generator[PullEvent, None, None]:
    """Pull a repository, without pauses unless `stop` makes them; `tell` hears the position in the file."""
    stop = Hurried() if stop is None else stop
    with open_hub(Config(endpoint=server.url), stop=stop) as hub:
        yield from pull(Watched(hub, tell), model_of(server.repos[repo]), models, stop)


def fetched(events: list[PullEvent]) -> int:
    """Bytes that came over the network, as the last event says."""
    last = events[-1]
    assert isinstance(last, Pulled)
    return last.fetched


def begin(server: HubServer, models: Path, place: int) -> None:
    """Leave the first bytes of the file behind."""
    server.fail(cut(place), at="cdn", times=1)
    with suppress(StoppedError):
        list(steps(server, models, Stopping()))
    assert sum(part.stat().st_size for part in parts_in(models / REPO)) == place


def files(models: Path) -> list[str]:
    """Everything in the models directory but the records."""
    return sorted(path.name for path in models.rglob("*") if path.is_file() and path.parent.name != "records")


@contextmanager
def child(server: HubServer, models: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that pulls the only repository; killed when the block ends."""
    (name,) = server.repos
    command = [sys.executable, "-m", "tests.hub.pulling", server.url, name, str(models)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], position: int) -> None:
    """Until that process has written so many bytes of a file and waits for the next."""
    assert process.stdout
    assert any(int(line) == position for line in process.stdout)


def main(url: str, repo: str, models: str) -> None:
    """What the child does: its way through the file goes to standard output."""
    with open_hub(Config(endpoint=url)) as hub:
        watched = Watched(hub, lambda position: print(position, flush=True))
        for _ in pull(watched, hub.model(HubTarget(repo)), Path(models), Stop()):
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])
