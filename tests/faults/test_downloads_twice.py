"""What is on this machine already, under whatever name, is never fetched again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pytest

from localr1.hub.events import Checking, Pulled
from localr1.library.records import Record, Records, recorded_file
from tests.hub.pulling import CONTENT, NAME, SIZE, fetched, files, steps
from tests.hub.server import HubServer


def test_a_file_that_is_known_to_be_right_is_not_even_read(
    server: HubServer, models: Path, final: Path
) -> None:
    list(steps(server, models))
    asked = len(server.requests)
    assert list(steps(server, models)) == [Pulled(final, SIZE, 0)]
    assert len(server.requests) == asked


def test_a_right_file_that_nobody_knows_of_is_read_and_remembered(
    server: HubServer, models: Path, final: Path
) -> None:
    final.parent.mkdir(parents=True)
    final.write_bytes(CONTENT)
    events = list(steps(server, models))
    assert Checking(NAME, SIZE, SIZE) in events
    assert fetched(events) == 0
    assert not server.requests
    assert list(steps(server, models)) == [Pulled(final, SIZE, 0)]


def test_a_file_that_was_touched_since_is_read_again(server: HubServer, models: Path, final: Path) -> None:
    list(steps(server, models))
    final.write_bytes(bytes(SIZE))
    assert fetched(list(steps(server, models))) == SIZE
    assert final.read_bytes() == CONTENT


@pytest.fixture
def elsewhere(models: Path, tmp_path: Path) -> Path:
    """The same content, which another program keeps under another name."""
    return remembered(tmp_path / "sha256-of-another-program", models)


def remembered(path: Path, models: Path) -> Path:
    path.write_bytes(CONTENT)
    known = recorded_file(path, hashlib.sha256(CONTENT).hexdigest())
    Records(models).save(
        Record(path=str(path), files=(known,), how="referenced", program="Ollama", added=0.0)
    )
    return path


def test_what_another_program_has_gets_a_second_name(
    elsewhere: Path, server: HubServer, models: Path, final: Path
) -> None:
    assert fetched(list(steps(server, models))) == 0
    assert final.samefile(elsewhere)
    assert not server.requests
    assert files(models) == [NAME]


def test_a_link_of_another_program_is_followed_to_what_it_means(
    tmp_path: Path, server: HubServer, models: Path, final: Path
) -> None:
    blob, link = tmp_path / "blob", tmp_path / "link.gguf"
    link.symlink_to(blob)
    remembered(link, models)
    assert fetched(list(steps(server, models))) == 0
    assert final.samefile(blob)
    assert not final.is_symlink()


def test_what_was_pulled_from_another_repository_is_not_fetched_again(
    server: HubServer, models: Path, final: Path
) -> None:
    server.add("other/Same-GGUF", {"same.gguf": CONTENT})
    list(steps(server, models, repo="other/Same-GGUF"))
    assert fetched(list(steps(server, models))) == 0
    assert final.samefile(models / "other/Same-GGUF/same.gguf")


def test_what_was_put_there_by_hand_is_not_fetched_again(
    server: HubServer, models: Path, final: Path
) -> None:
    models.mkdir()
    (models / NAME).write_bytes(CONTENT)
    assert fetched(list(steps(server, models))) == 0
    assert final.read_bytes() == CONTENT


def test_the_word_of_a_record_is_not_enough(
    elsewhere: Path, server: HubServer, models: Path, final: Path
) -> None:
    known = elsewhere.stat()
    elsewhere.write_bytes(bytes(SIZE))
    os.utime(elsewhere, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert fetched(list(steps(server, models))) == SIZE
    assert final.read_bytes() == CONTENT


def test_what_lies_on_another_disk_is_copied(server: HubServer, models: Path, final: Path) -> None:
    models.mkdir()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other:
        if Path(other).stat().st_dev == models.stat().st_dev:
            pytest.skip("There is only one disk.")
        remembered(Path(other) / "twin", models)
        events = list(steps(server, models))
    assert fetched(events) == 0
    assert not server.requests
    assert final.read_bytes() == CONTENT


def test_an_old_file_is_replaced_even_by_what_lies_elsewhere(
    elsewhere: Path, server: HubServer, models: Path, final: Path
) -> None:
    final.parent.mkdir(parents=True)
    final.write_bytes(b"old")
    assert fetched(list(steps(server, models))) == 0
    assert final.read_bytes() == CONTENT == elsewhere.read_bytes()
