"""A download can be stopped at every stage, and two of one file are one."""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from localr1.errors import StoppedError
from localr1.hub.background import in_background
from localr1.hub.events import Checking, Progress, Pulled, PullEvent, Retrying, Waiting
from localr1.hub.part import open_part
from localr1.library.part_files import is_locked, part_path, parts_in
from tests.hub.faults import Fault, cut, silent, stall
from tests.hub.pulling import (
    CONTENT,
    NAME,
    REPO,
    SIZE,
    begin,
    child,
    fetched,
    files,
    model_of,
    steps,
    wait_for,
)
from tests.hub.server import HubServer
from tests.hub.stop import Hurried, Stopping


def test_two_pulls_of_one_file_fetch_it_once(server: HubServer, models: Path, final: Path) -> None:
    first = steps(server, models)
    assert isinstance(next(first), Progress)
    (part,) = parts_in(final.parent)
    assert is_locked(part)
    events = list(steps(server, models, Hurried(meanwhile=lambda: list(first), at=3)))
    assert events == [Waiting(NAME), Pulled(final, SIZE, 0)]
    assert server.sent("cdn") == SIZE
    assert files(models) == [NAME]


def test_who_waits_for_another_process_takes_over_when_it_dies(
    server: HubServer, models: Path, final: Path
) -> None:
    server.fail(stall(SIZE // 2), at="cdn", times=1)
    with child(server, models) as process:
        wait_for(process, SIZE // 2)

        def die() -> None:
            process.kill()
            process.wait()

        events = list(steps(server, models, Hurried(meanwhile=die)))
    assert events[0] == Waiting(NAME)
    assert fetched(events) == SIZE - SIZE // 2
    assert final.read_bytes() == CONTENT


@pytest.mark.parametrize("stage", [Checking, Progress, Retrying], ids=lambda stage: str(stage.__name__))
def test_it_can_be_stopped_at_every_stage(
    stage: type[PullEvent], server: HubServer, models: Path, final: Path
) -> None:
    begin(server, models, SIZE // 2)
    server.fail(cut(SIZE // 4), at="cdn", times=1)
    stop = Hurried()
    with pytest.raises(StoppedError, match="the same command goes on from there"):
        for event in steps(server, models, stop):
            if isinstance(event, stage):
                stop.set()
    went_on(server, models, final)


def went_on(server: HubServer, models: Path, final: Path) -> None:
    """Assert that nothing is held, and nothing that has come is fetched again."""
    came = 0
    for part in parts_in(models / REPO):
        assert not is_locked(part)
        came += part.stat().st_size
    server.heal()
    assert fetched(list(steps(server, models))) == SIZE - came
    assert final.read_bytes() == CONTENT


def test_it_can_be_stopped_while_it_waits_for_another(server: HubServer, models: Path, final: Path) -> None:
    with closing(steps(server, models)) as first:
        next(first)
        with pytest.raises(StoppedError, match="stopped at 0 %"):
            list(steps(server, models, Stopping()))
    went_on(server, models, final)


def test_it_can_be_stopped_between_the_parts_of_a_model(split_server: HubServer, models: Path) -> None:
    second = model_of(split_server.repos[REPO]).files[1]
    (models / REPO).mkdir(parents=True)
    with (
        open_part(part_path(models / REPO / second.name, second.sha256)),
        pytest.raises(StoppedError, match="stopped at 33 %"),
    ):
        list(steps(split_server, models, Stopping()))
    assert fetched(list(steps(split_server, models))) == 1_000_000


def test_it_can_be_stopped_while_it_reads_what_is_here(server: HubServer, models: Path, final: Path) -> None:
    final.parent.mkdir(parents=True)
    final.write_bytes(CONTENT)
    stop = Hurried()
    with pytest.raises(StoppedError):
        for event in steps(server, models, stop):
            assert isinstance(event, Checking)
            stop.set()


@pytest.mark.parametrize(
    "fault", [stall(SIZE // 2), silent()], ids=["in the middle", "before the first byte"]
)
@pytest.mark.timeout(10)
def test_it_can_be_stopped_while_nothing_comes(
    fault: Fault, server: HubServer, models: Path, final: Path
) -> None:
    """The server would be waited for three times as long as the test may take."""
    server.fail(fault, at="cdn")
    stop = Hurried()

    def stop_it() -> None:
        server.stalled.wait()
        stop.set()

    threading.Thread(target=stop_it, daemon=True).start()
    with pytest.raises(StoppedError, match="stopped at"):
        list(steps(server, models, stop))
    went_on(server, models, final)


@pytest.mark.timeout(10)
async def test_closing_its_events_stops_it_and_gives_everything_back(
    server: HubServer, models: Path, final: Path
) -> None:
    server.fail(stall(SIZE // 2), at="cdn")
    async with aclosing(in_background(lambda stop: steps(server, models, stop))) as events:
        assert isinstance(await anext(events), Progress)
        assert await asyncio.to_thread(server.stalled.wait, 5)
    went_on(server, models, final)
