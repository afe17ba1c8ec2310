from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec
import pytest

from localr1.errors import ModelFileError
from localr1.library.records import Record, RecordedFile, Records, recorded_file

HASH = "ab" * 32


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def records(models: Path) -> Records:
    return Records(models)


def record(path: str, *names: str) -> Record:
    files = tuple(RecordedFile(name, 10, HASH, 5) for name in names or (Path(path).name,))
    return Record(path=path, files=files, how="pulled", repo="owner/repo", added=1.5)


def test_what_was_saved_is_there_again(records: Records, models: Path) -> None:
    saved = records.save(record("owner/repo/x.gguf"))
    assert Records(models).all() == (saved,)
    assert records.of(models / "owner/repo/x.gguf") == records.of(Path("owner/repo/x.gguf")) == saved
    assert records.path_of(saved) == models / "owner/repo/x.gguf"
    assert records.of(models / "x.gguf") is None


def test_a_path_inside_the_models_directory_is_kept_without_it(records: Records, models: Path) -> None:
    assert records.save(record(str(models / "x.gguf"))).path == "x.gguf"
    assert records.save(record("/elsewhere/x.gguf")).path == "/elsewhere/x.gguf"
    assert len(records.all()) == 2


def test_a_record_takes_the_place_of_an_earlier_one(records: Records) -> None:
    records.save(record("x.gguf"))
    records.save(msgspec.structs.replace(record("x.gguf"), repo="other/repo"))
    assert [known.repo for known in records.all()] == ["other/repo"]


def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(records: Records) -> None:
    records.save(record("x.gguf"))
    records.forget(Path("x.gguf"))
    records.forget(Path("x.gguf"))
    assert records.all() == ()


def test_without_a_models_directory_there_are_no_records_and_none_is_made(
    records: Records, models: Path
) -> None:
    assert records.all() == ()
    assert records.of(models / "x.gguf") is None
    records.forget(models / "x.gguf")
    assert not models.exists()


def damage(file: Path, kind: str) -> None:
    file.unlink()
    match kind:
        case "empty":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(b'{"path": "x.g')
        case "not text":
            file.write_bytes(b'{"path": "\xff"}')
        case "without files":
            file.write_bytes(b'{"path":"x.gguf","files":[],"how":"pulled","added":1}')
        case "another way":
            file.write_bytes(msgspec.json.encode(record("x.gguf")).replace(b"pulled", b"stolen"))
        case "of a day that no calendar has":
            file.write_bytes(msgspec.json.encode(record("x.gguf")).replace(b"1.5", b"1e300"))
        case "of less than nothing":
            file.write_bytes(msgspec.json.encode(record("x.gguf")).replace(b'"size":10', b'"size":-10'))
        case "of another model":
            file.write_bytes(msgspec.json.encode(record("y.gguf")))
        case "deep":
            file.write_bytes(b'{"x": ' + b"[" * 100_000)
        case "pipe":
            os.mkfifo(file)
        case "directory":
            file.mkdir()
        case "dangling link":
            file.symlink_to("absent")


@pytest.mark.parametrize(
    "kind",
    (
        "empty",
        "cut",
        "not text",
        "without files",
        "another way",
        "of a day that no calendar has",
        "of less than nothing",
        "of another model",
        "deep",
        "pipe",
        "directory",
        "dangling link",
    ),
)
def test_a_damaged_record_counts_as_missing(records: Records, models: Path, kind: str) -> None:
    records.save(record("x.gguf"))
    records.save(record("z.gguf"))
    (file,) = (path for path in (models / "records").iterdir() if b'"x.gguf"' in path.read_bytes())
    damage(file, kind)
    assert records.of(Path("x.gguf")) is None
    assert [known.path for known in records.all()] == ["z.gguf"]


@pytest.mark.parametrize(
    ("path", "name", "sha256"),
    [
        ("../x.gguf", "x.gguf", HASH),
        ("/a/../x.gguf", "x.gguf", HASH),
        ("x.gguf", "../x.gguf", HASH),
        ("x.gguf", "", HASH),
        ("x.gguf", "x.gguf", "ab"),
        ("a\0b", "x.gguf", HASH),
    ],
)
def test_a_record_cannot_lead_elsewhere(path: str, name: str, sha256: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        Record(path=path, files=(RecordedFile(name, 1, sha256, 1),), how="pulled", added=0)


def test_a_name_that_is_no_text_is_refused_in_words(records: Records) -> None:
    with pytest.raises(ModelFileError, match="is not valid text; rename it first"):
        records.save(record("/elsewhere/\udcff.gguf"))
    assert records.all() == ()


def test_records_are_private_whatever_the_umask_says(records: Records, models: Path) -> None:
    previous = os.umask(0)
    try:
        records.save(record("x.gguf"))
    finally:
        os.umask(previous)
    (file,) = (models / "records").iterdir()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (models, models / "records", file)]
    assert modes == [0o700, 0o700, 0o600]


def test_a_record_that_cannot_be_written_leaves_the_old_one_and_nothing_else(
    records: Records, models: Path
) -> None:
    saved = records.save(record("x.gguf"))
    before = sorted((models / "records").iterdir())
    with pytest.raises(ModelFileError):
        records.save(msgspec.structs.replace(saved, name="\ud800"))
    assert sorted((models / "records").iterdir()) == before
    assert records.all() == (saved,)


def test_a_place_for_records_that_is_no_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").write_bytes(b"")
    with pytest.raises(ModelFileError, match="records can't be written"):
        Records(tmp_path / "models").save(record("x.gguf"))


def test_a_file_is_the_one_that_was_checked_until_its_size_or_date_differs(tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(b"1234")
    known = recorded_file(path, HASH)
    assert known.describes(tmp_path)
    os.utime(path, ns=(0, known.mtime_ns + 1))
    assert not known.describes(tmp_path)
    os.utime(path, ns=(0, known.mtime_ns))
    assert known.describes(tmp_path)
    with path.open("ab") as file:
        file.write(b"5")
    os.utime(path, ns=(0, known.mtime_ns))
    assert not known.describes(tmp_path)
    path.unlink()
    assert not known.describes(tmp_path)
