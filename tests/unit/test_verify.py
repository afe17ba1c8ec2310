from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from localr1.catalog import load_catalog
from localr1.errors import ModelFileError
from localr1.library.hashing import Hashed
from localr1.library.library import Library
from localr1.library.part_files import part_path
from localr1.library.records import How, Record, recorded_file
from localr1.library.repair import keep_beginnings
from localr1.library.verify import Verified, VerifiedFile, verify
from tests.gguf_files import Gguf

CATALOG = """\
[[model]]
name = "tiny"
title = "Tiny"
summary = ""
parameters = "1M"
license = "MIT"
default = "F16"
repo = "owner/Tiny-GGUF"
[model.files]
F16 = {{ file = "Tiny-F16.gguf", bytes = {size}, sha256 = "{sha256}" }}
"""
PARTS = [f"Big-0000{number}-of-00003.gguf" for number in (1, 2, 3)]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "models").mkdir()
    return Library(load_catalog, tmp_path / "models")


@pytest.fixture
def tune(library: Library) -> Path:
    """A model that was checked."""
    path = Gguf().write(library.directory / "tune.gguf")
    remember(library, path)
    return path


def remember(library: Library, *paths: Path, how: How = "pulled") -> None:
    files = tuple(recorded_file(path, hash_of(path)) for path in paths)
    library.records.save(Record(path=str(paths[0]), files=files, how=how, repo="owner/repo", added=0))


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def flip(path: Path) -> None:
    """One bit, with the date as it was: as a disk does it that goes bad."""
    date = path.stat().st_mtime_ns
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(date, date))


def verified(library: Library, name: str) -> Verified:
    *_, last = verify(library.look_up(name), library.records)
    assert isinstance(last, Verified)
    return last


def test_a_model_that_is_right_is_right(library: Library, tune: Path) -> None:
    size = tune.stat().st_size
    progress, file, last = verify(library.look_up("tune"), library.records)
    assert progress == Hashed("tune.gguf", size, size)
    assert isinstance(file, VerifiedFile)
    assert (file.sha256, file.expected, file.problem) == (hash_of(tune), hash_of(tune), "")
    assert isinstance(last, Verified)
    assert (last.files, last.bad, last.compared) == ((file,), (), True)


def test_a_model_with_another_date_may_be_run_again_once_it_is_verified(library: Library, tune: Path) -> None:
    os.utime(tune, ns=(0, 1))
    with pytest.raises(ModelFileError):
        library.find("tune")
    assert not verified(library, "tune").bad
    assert library.find("tune").path == tune


def test_one_bit_is_noticed_and_the_file_expected_and_actual_hash_told(library: Library, tune: Path) -> None:
    right = hash_of(tune)
    flip(tune)
    (bad,) = verified(library, "tune").bad
    assert (bad.path, bad.expected, bad.sha256) == (tune, right, hash_of(tune))
    assert bad.problem == (f"tune.gguf is damaged: its sha256 is {hash_of(tune)[:12]}…, not {right[:12]}….")


def test_a_model_that_was_found_damaged_is_not_run_any_more(library: Library, tune: Path) -> None:
    flip(tune)
    assert library.find("tune")
    assert verified(library, "tune").bad
    with pytest.raises(ModelFileError, match="has changed since it was checked"):
        library.find("tune")
    flip(tune)
    assert not verified(library, "tune").bad
    assert library.find("tune")


def test_a_file_of_another_size_is_not_even_hashed(library: Library, tune: Path) -> None:
    size = tune.stat().st_size
    os.truncate(tune, size - 1)
    file, _ = verify(library.look_up("tune"), library.records)
    assert isinstance(file, VerifiedFile)
    assert file.problem == f"tune.gguf is cut short: {size - 1:,} of {size:,} bytes."
    assert file.cut_short
    os.truncate(tune, size + 1)
    (bad,) = verified(library, "tune").bad
    assert bad.problem == f"tune.gguf is damaged: it has {size + 1:,} bytes, not {size:,}."
    assert not bad.cut_short


def test_of_a_split_model_only_the_bad_parts_are_named(library: Library) -> None:
    paths = [Gguf().write(library.directory / name) for name in PARTS]
    remember(library, *paths)
    flip(paths[1])
    paths[2].unlink()
    result = verified(library, "Big")
    assert [file.path for file in result.files] == paths
    assert [file.path for file in result.bad] == paths[1:]
    assert result.bad[1].problem == "Big-00003-of-00003.gguf is missing."


def test_the_bytes_of_all_parts_are_counted_together(library: Library) -> None:
    paths = [Gguf().write(library.directory / name) for name in PARTS]
    remember(library, *paths)
    size = paths[0].stat().st_size
    steps = [event for event in verify(library.look_up("Big"), library.records) if isinstance(event, Hashed)]
    assert [(step.done, step.total) for step in steps] == [
        (size, 3 * size),
        (2 * size, 3 * size),
        (3 * size,) * 2,
    ]


def catalog_library(tmp_path: Path, size: int, sha256: str) -> Library:
    (tmp_path / "models").mkdir(exist_ok=True)
    (tmp_path / "models.toml").write_text(CATALOG.format(size=size, sha256=sha256))
    return Library(lambda: load_catalog(tmp_path / "models.toml"), tmp_path / "models")


def test_a_file_that_was_put_there_by_hand_is_compared_with_the_catalog(tmp_path: Path) -> None:
    path = Gguf().write(tmp_path / "Tiny-F16.gguf")
    library = catalog_library(tmp_path, path.stat().st_size, hash_of(path))
    path = path.rename(library.directory / path.name)
    assert verified(library, "tiny").compared
    assert not verified(library, "tiny").bad
    flip(path)
    (bad,) = verified(library, "tiny").bad
    assert bad.problem.startswith("Tiny-F16.gguf is not the one of owner/Tiny-GGUF: its sha256 is ")
    assert library.records.all() == ()


def test_with_nothing_to_compare_the_hash_is_told_and_the_header_checked(library: Library) -> None:
    path = Gguf().write(library.directory / "other.gguf")
    result = verified(library, "other")
    assert (result.files[0].sha256, result.bad, result.compared) == (hash_of(path), (), False)
    path.write_bytes(b"PK\x03\x04")
    assert [bad.problem for bad in verified(library, "other").bad] == [
        "other.gguf is a zip archive, not a GGUF model."
    ]


def test_a_reference_without_a_hash_has_one_afterwards(library: Library, tmp_path: Path) -> None:
    path = Gguf().write(tmp_path / "tune.gguf")
    file = recorded_file(path, "")
    library.records.save(Record(path=str(path), files=(file,), how="referenced", added=0))
    assert not verified(library, "tune").compared
    assert verified(library, "tune").compared
    flip(path)
    assert verified(library, "tune").bad


def test_the_bundled_model_can_be_verified(library: Library) -> None:
    assert not verified(library, "nano").bad


def test_verifying_that_is_given_up_changes_nothing(library: Library, tune: Path) -> None:
    before = library.records.all()
    flip(tune)
    steps = verify(library.look_up("tune"), library.records)
    assert isinstance(next(steps), Hashed)
    del steps
    assert library.records.all() == before


def test_the_beginning_of_a_file_that_is_cut_short_is_kept_for_the_download(
    library: Library, tune: Path
) -> None:
    right, data = hash_of(tune), tune.read_bytes()
    os.truncate(tune, 100)
    keep_beginnings(verified(library, "tune"))
    assert not tune.exists()
    assert part_path(tune, right).read_bytes() == data[:100]


@pytest.mark.parametrize("obstacle", ["damaged", "another name", "part"])
def test_a_file_whose_beginning_is_no_use_stays_until_it_is_replaced(
    library: Library, tune: Path, tmp_path: Path, obstacle: str
) -> None:
    part = part_path(tune, hash_of(tune))
    if obstacle == "damaged":
        flip(tune)
    else:
        os.truncate(tune, 100)
    if obstacle == "another name":
        os.link(tune, tmp_path / "elsewhere.gguf")
    if obstacle == "part":
        part.write_bytes(b"further")
    keep_beginnings(verified(library, "tune"))
    assert tune.exists()
    assert part.exists() == (obstacle == "part")
