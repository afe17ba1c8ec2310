"""Hashing a model again, to see whether it still is what it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from localr1.errors import ModelFileError
from localr1.gguf.check import check_header
from localr1.gguf.header import read_header
from localr1.gguf.split_model import split_model
from localr1.library.hashing import Hashed, hash_file
from localr1.library.local_model import LocalModel
from localr1.library.records import RecordedFile, Records
from localr1.regular_file import is_regular


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """What was found of one file."""

    path: Path
    size: int
    """Bytes."""
    sha256: str
    """Empty for a file that is missing, or of another size than it should be."""
    expected_size: int
    """0 where nothing is known to compare with."""
    expected: str
    """The sha256 that it should have; empty where that is not known."""
    mtime_ns: int = 0
    """When it was changed last, as it was when it was hashed."""
    problem: str = ""
    """A sentence; empty for a file that is right."""

    @property
    def cut_short(self) -> bool:
        """Whether only its end is missing, so that its beginning can be kept."""
        return 0 < self.size < self.expected_size


@dataclass(frozen=True, slots=True)
class Verified:
    """The last event."""

    model: LocalModel
    files: tuple[VerifiedFile, ...]

    @property
    def bad(self) -> tuple[VerifiedFile, ...]:
        """The files that have to be fetched again."""
        return tuple(file for file in self.files if file.problem)

    @property
    def compared(self) -> bool:
        """Whether there was a hash to compare with; without one only the headers were checked."""
        return all(file.expected for file in self.files)


@dataclass(frozen=True, slots=True)
class _Expected:
    path: Path
    size: int
    sha256: str
    repo: str
    """Of the catalog's file, where only the catalog tells the hash."""


def verify(model: LocalModel, records: Records) -> Iterator[Hashed | VerifiedFile | Verified]:
    """Hash every file and compare with the record, or else the catalog; without either, check the headers.

    The record is renewed: files that are right may be run again, and those that are not may not.
    """
    files = _expected(model)
    total = sum(_size(file.path) for file in files)
    done = 0
    found: list[VerifiedFile] = []
    for file in files:
        size = _size(file.path)
        if problem := _size_problem(file, size):
            found.append(VerifiedFile(file.path, size, "", file.size, file.sha256, problem=problem))
        else:
            found.append(_compare(file, (yield from hash_file(file.path, done, total))))
        done += size
        yield found[-1]
    if model.record:
        renewed = tuple(map(_renewed, model.record.files, found))
        records.save(msgspec.structs.replace(model.record, files=renewed))
    yield Verified(model, tuple(found))


def _expected(model: LocalModel) -> list[_Expected]:
    """What every file should be; a size of 0 and an empty hash where that is not known."""
    if record := model.record:
        folder = model.path.parent
        return [_Expected(folder / file.name, file.size, file.sha256, "") for file in record.files]
    if split := split_model(model.path):
        return [_Expected(part, 0, "", "") for part in split.parts()]
    if model.entry and (known := model.entry.file(model.quant)).sha256:
        return [_Expected(model.path, known.bytes, known.sha256, known.repo)]
    return [_Expected(model.path, 0, "", "")]


def _size_problem(file: _Expected, size: int) -> str:
    if not is_regular(file.path):
        return f"{file.path.name} is missing."
    if not file.size or size == file.size:
        return ""
    if size < file.size:
        return f"{file.path.name} is cut short: {size:,} of {file.size:,} bytes."
    return _other(file, f"it has {size:,} bytes, not {file.size:,}")


def _compare(file: _Expected, found: RecordedFile) -> VerifiedFile:
    if not file.sha256:
        problem = _header_problem(file.path)
    elif found.sha256 != file.sha256:
        problem = _other(file, f"its sha256 is {found.sha256[:12]}…, not {file.sha256[:12]}…")
    else:
        problem = ""
    return VerifiedFile(file.path, found.size, found.sha256, file.size, file.sha256, found.mtime_ns, problem)


def _renewed(known: RecordedFile, found: VerifiedFile) -> RecordedFile:
    """A file that is wrong keeps the hash that it should have, and a date that no file has."""
    if found.problem:
        return msgspec.structs.replace(known, mtime_ns=0)
    return RecordedFile(known.name, found.size, found.sha256, found.mtime_ns)


def _other(file: _Expected, difference: str) -> str:
    """A file of the catalog's name may be a good one of another repository."""
    if file.repo:
        return f"{file.path.name} is not the one of {file.repo}: {difference}."
    return f"{file.path.name} is damaged: {difference}."


def _header_problem(path: Path) -> str:
    try:
        check_header(read_header(path))
    except ModelFileError as error:
        return error.message
    return ""


def _size(path: Path) -> int:
    return path.stat().st_size if is_regular(path) else 0
