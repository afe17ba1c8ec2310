"""Downloads survive cuts, kills, full disks and each other; what is wrong never takes the place of a file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from localr1.errors import DownloadError, StoppedError
from localr1.hub.disk import GOES_ON
from localr1.hub.events import Progress, Pulled, Retrying
from localr1.hub.retries import TRIES
from localr1.library.part_files import parts_in
from localr1.library.records import Records
from tests.hub.faults import Fault, cut, fails, flipped, longer, no_length, shorter, stall
from tests.hub.pulling import (
    CONTENT,
    NAME,
    REPO,
    SIZE,
    SPLIT,
    begin,
    child,
    fetched,
    files,
    steps,
    wait_for,
)
from tests.hub.server import HubServer
from tests.hub.stop import Hurried, Stopping

PLACES = pytest.mark.parametrize(
    "place", [SIZE // 100, SIZE // 2, SIZE - SIZE // 100], ids=["1%", "50%", "99%"]
)
FETCHED_TWICE = 1024 * 1024
"""Bytes that an interruption may cost."""


def test_a_model_arrives_whole_private_and_known(server: HubServer, models: Path, final: Path) -> None:
    before = os.umask(0)
    try:
        events = list(steps(server, models))
    finally:
        os.umask(before)
    assert events[-1] == Pulled(final, SIZE, SIZE)
    assert final.read_bytes() == CONTENT
    assert files(models) == [NAME]
    assert stat.S_IMODE(final.stat().st_mode) == 0o600
    assert {stat.S_IMODE(path.stat().st_mode) for path in models.rglob("*") if path.is_dir()} == {0o700}
    record = Records(models).of(final)
    assert record and (record.how, record.repo, record.license) == ("pulled", REPO, "mit")
    assert [file.name for file in record.files if file.describes(final.parent)] == [NAME]


@PLACES
def test_a_connection_that_is_cut_goes_on_where_it_ended(
    place: int, server: HubServer, models: Path, final: Path
) -> None:
    server.fail(cut(place), at="cdn", times=1)
    events = list(steps(server, models))
    assert [event.seconds for event in events if isinstance(event, Retrying)] == [1.0]
    assert server.sent("cdn") - SIZE <= FETCHED_TWICE
    assert final.read_bytes() == CONTENT
    assert files(models) == [NAME]


@PLACES
def test_a_killed_download_goes_on_where_it_ended(
    place: int, server: HubServer, models: Path, final: Path
) -> None:
    server.fail(stall(place), at="cdn", times=1)
    with child(server, models) as process:
        wait_for(process, place)
        process.kill()
    events = list(steps(server, models))
    assert fetched(events) == SIZE - place
    assert server.sent("cdn") - SIZE <= FETCHED_TWICE
    assert final.read_bytes() == CONTENT
    assert files(models) == [NAME]


def test_a_server_that_knows_no_ranges_makes_it_begin_anew_and_never_mixes(
    server: HubServer, models: Path, final: Path
) -> None:
    begin(server, models, SIZE // 2)
    server.ranges = False
    server.fail(cut(SIZE // 4), at="cdn", times=1)
    assert fetched(list(steps(server, models))) == SIZE // 4 + SIZE
    assert final.read_bytes() == CONTENT


def test_a_server_that_begins_anew_and_never_ends_is_given_up(server: HubServer, models: Path) -> None:
    server.ranges = False
    server.fail(cut(SIZE // 2), at="cdn")
    stop = Hurried()
    with pytest.raises(DownloadError, match="Tried 5 times"):
        list(steps(server, models, stop))
    assert len(server.asked("cdn")) == TRIES + 1


def test_five_vain_tries_are_enough_and_nothing_is_lost(server: HubServer, models: Path, final: Path) -> None:
    begin(server, models, SIZE // 2)
    server.fail(cut(0), at="cdn")
    stop = Hurried()
    with pytest.raises(DownloadError, match="Tried 5 times") as caught:
        list(steps(server, models, stop))
    assert stop.pauses == [1, 2, 4, 8]
    assert caught.value.hint == GOES_ON
    server.heal()
    assert fetched(list(steps(server, models))) == SIZE - SIZE // 2
    assert final.read_bytes() == CONTENT


def test_a_hub_that_cannot_be_reached_at_all_is_not_waited_for(models: Path) -> None:
    with HubServer() as server:
        server.add(REPO, {NAME: CONTENT})
    stop = Hurried()
    with pytest.raises(DownloadError, match="refuses connections"):
        list(steps(server, models, stop))
    assert stop.pauses == []
    assert files(models) == []


def test_a_hub_that_goes_away_on_the_way_is_waited_for(models: Path) -> None:
    with HubServer() as server:
        server.add(REPO, {NAME: CONTENT})
        pulling = steps(server, models, stop := Hurried())
        next(pulling)
        server.fail(cut(SIZE // 2), at="cdn")
        assert isinstance(next(pulling), Progress)
    with pytest.raises(DownloadError, match="Tried 5 times"):
        list(pulling)
    assert stop.pauses[:3] == [1, 1, 2]


def test_a_busy_hub_is_given_the_time_it_asks_for(server: HubServer, models: Path) -> None:
    server.fail(fails(429, Retry_After="7"), at="resolve", times=1)
    server.fail(fails(503), at="cdn", times=1)
    stop = Hurried()
    events = list(steps(server, models, stop))
    assert stop.pauses == [7, 2]
    assert all(event.reason for event in events if isinstance(event, Retrying))
    assert fetched(events) == SIZE


@pytest.mark.parametrize("place", [0, SIZE // 2, SIZE - 1], ids=["first", "middle", "last"])
@pytest.mark.parametrize("old", [b"old", bytes(SIZE)], ids=["short", "of the same size"])
def test_one_wrong_bit_is_refused_and_the_old_file_stays(
    place: int, old: bytes, server: HubServer, models: Path, final: Path
) -> None:
    final.parent.mkdir(parents=True)
    final.write_bytes(old)
    server.fail(flipped(place), at="cdn")
    with pytest.raises(DownloadError, match="does not match its hash"):
        list(steps(server, models))
    assert final.read_bytes() == old
    assert files(models) == [NAME]
    assert len(server.asked("cdn")) == 1
    server.heal()
    list(steps(server, models))
    assert final.read_bytes() == CONTENT


def test_a_file_that_is_in_use_stays_what_it_is_for_who_uses_it(
    server: HubServer, models: Path, final: Path
) -> None:
    final.parent.mkdir(parents=True)
    final.write_bytes(b"old")
    with final.open("rb") as used:
        list(steps(server, models))
        assert used.read() == b"old"
    assert final.read_bytes() == CONTENT


def test_a_bit_that_turned_over_on_the_disk_is_found_too(server: HubServer, models: Path) -> None:
    begin(server, models, SIZE // 2)
    (part,) = parts_in(models / REPO)
    data = bytearray(part.read_bytes())
    data[1000] ^= 1
    part.write_bytes(data)
    with pytest.raises(DownloadError, match="does not match its hash"):
        list(steps(server, models))
    assert files(models) == []


@pytest.mark.parametrize("fault", [shorter(5), longer(5)], ids=["short", "long"])
def test_a_file_of_another_length_is_refused_before_a_byte_of_it_is_kept(
    fault: Fault, server: HubServer, models: Path
) -> None:
    server.fail(fault, at="cdn")
    with pytest.raises(DownloadError):
        list(steps(server, models))
    assert files(models) == []


def test_a_body_that_ends_early_without_a_word_never_counts_as_whole(server: HubServer, models: Path) -> None:
    server.fail(shorter(5), at="cdn")
    server.fail(no_length(), at="cdn")
    with pytest.raises(DownloadError, match="Tried 5 times"):
        list(steps(server, models))
    assert not (models / REPO / NAME).exists()


def test_a_part_that_is_too_long_is_begun_anew(server: HubServer, models: Path, final: Path) -> None:
    begin(server, models, SIZE // 2)
    (part,) = parts_in(models / REPO)
    part.write_bytes(CONTENT + b"more")
    assert fetched(list(steps(server, models))) == SIZE
    assert final.read_bytes() == CONTENT


def test_a_part_that_is_whole_needs_no_connection(server: HubServer, models: Path, final: Path) -> None:
    begin(server, models, SIZE // 2)
    (part,) = parts_in(models / REPO)
    part.write_bytes(CONTENT)
    asked = len(server.requests)
    assert fetched(list(steps(server, models))) == 0
    assert len(server.requests) == asked
    assert files(models) == [NAME]


def test_what_the_hub_replaced_meanwhile_is_never_mixed_with_what_came_before(
    server: HubServer, models: Path, final: Path
) -> None:
    begin(server, models, SIZE // 2)
    server.add(REPO, {NAME: CONTENT[::-1]})
    assert fetched(list(steps(server, models))) == SIZE
    assert final.read_bytes() == CONTENT[::-1]
    assert files(models) == [NAME]


# A split model.


def test_all_parts_of_a_model_come_and_count_together(split_server: HubServer, models: Path) -> None:
    events = list(steps(split_server, models))
    assert {path.name: path.read_bytes() for path in (models / REPO).iterdir()} == SPLIT
    assert events[-1] == Pulled(models / REPO / min(SPLIT), 1_500_000, 1_500_000)
    progress = [event for event in events if isinstance(event, Progress)]
    assert {event.total for event in progress} == {1_500_000}
    assert progress[-1].done == 1_500_000
    record = Records(models).of(models / REPO / min(SPLIT))
    assert record and [file.name for file in record.files] == list(SPLIT)


def test_parts_that_are_whole_are_not_fetched_again_and_the_model_is_known_only_when_all_are_here(
    split_server: HubServer, models: Path
) -> None:
    split_server.fail(cut(100_000), at="cdn", path="00003-of", times=1)
    with pytest.raises(StoppedError, match="stopped at 73 %"):
        list(steps(split_server, models, Stopping()))
    assert not Records(models).all()
    assert fetched(list(steps(split_server, models))) == 400_000
    assert files(models) == list(SPLIT)
