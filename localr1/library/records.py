"""What is known of each model on disk: where it came from and what it held when it was last checked.

One JSON file a model. Models that a person put there by hand have none.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from localr1.errors import ModelFileError
from localr1.library.json_file import read_note
from localr1.whole_file import write_whole

FOLDER = "records"
SUFFIX = ".json"

How = Literal["pulled", "imported", "referenced"]

Size = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
Moment = Annotated[float, msgspec.Meta(ge=0, le=2**37)]
"""Seconds since 1970, up to years that calendars know."""

_SHA256 = re.compile(r"[0-9a-f]{64}|")


class RecordedFile(msgspec.Struct, frozen=True):
    """One file as it was when it was checked."""

    name: str
    """Without its folder, which is that of the model."""
    size: Size
    """Bytes."""
    sha256: str
    """Empty where it was never computed."""
    mtime_ns: int

    def __post_init__(self) -> None:
        if not self.name or "/" in self.name or not _SHA256.fullmatch(self.sha256):
            raise ValueError("not a file")

    def describes(self, directory: Path) -> bool:
        """Whether the file is still the one that was checked, by its size and date."""
        try:
            found = (directory / self.name).stat()
        except (OSError, ValueError):
            return False
        return (found.st_size, found.st_mtime_ns) == (self.size, self.mtime_ns)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one model."""

    path: str
    """Relative to the models directory where it lies in it; of a split model the first part."""
    files: tuple[RecordedFile, ...]
    """All parts of a split model."""
    how: How
    repo: str = ""
    """`owner/name` on the hub that it came from, where that is known."""
    commit: str = ""
    license: str = ""
    quant: str = ""
    """As the header has it; empty where the file's name or the catalog tells."""
    program: str = ""
    """Whose file a referenced one is, such as Ollama."""
    name: str = ""
    """What that program calls it."""
    added: Moment

    def __post_init__(self) -> None:
        if not self.files or "\0" in self.path or ".." in Path(self.path).parts:
            raise ValueError("not a record")

    @property
    def size(self) -> int:
        """Bytes, of all files."""
        return sum(file.size for file in self.files)


class Records:
    """The records of a models directory; one that is damaged counts as missing."""

    def __init__(self, models_directory: Path) -> None:
        self._models = models_directory.absolute()
        self._directory = self._models / FOLDER

    def all(self) -> tuple[Record, ...]:
        """Every record, by the names of the models."""
        try:
            files = list(self._directory.glob(f"*{SUFFIX}"))
        except OSError:
            return ()
        records = (self._read(file) for file in files)
        return tuple(sorted((record for record in records if record), key=lambda record: record.path))

    def of(self, path: Path) -> Record | None:
        """The record of a model, by the path of its only file or first part."""
        return self._read(self._file(self._key(path)))

    def path_of(self, record: Record) -> Path:
        """Where the model lies that a record is about."""
        return self._models / record.path

    def save(self, record: Record) -> Record:
        """Write a record, atomically, in place of an earlier one; raises ModelFileError where it can't."""
        record = msgspec.structs.replace(record, path=self._key(Path(record.path)))
        try:
            write_whole(self._file(record.path), msgspec.json.encode(record))
        except UnicodeEncodeError:
            raise ModelFileError(f"The name of {record.path} is not valid text; rename it first.") from None
        except OSError as error:
            raise ModelFileError(
                f"{self._directory} can't be written: {error.strerror}.",
                hint="The model stays as it is; the same command goes on from there.",
            ) from None
        return record

    def forget(self, path: Path) -> None:
        """Remove the record of a model, if there is one; the model stays."""
        with suppress(FileNotFoundError):
            self._file(self._key(path)).unlink()

    def _key(self, path: Path) -> str:
        """A path as records have it, whether it is given relative to the models directory or absolute."""
        whole = self._models / path
        return str(whole.relative_to(self._models) if whole.is_relative_to(self._models) else whole)

    def _file(self, key: str) -> Path:
        return (
            self._directory
            / f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}{SUFFIX}"
        )

    def _read(self, file: Path) -> Record | None:
        """The record in a file; None for what is no record, or is that of another model."""
        record = read_note(file, Record)
        return record if record and self._file(record.path) == file else None


def recorded_file(path: Path, sha256: str) -> RecordedFile:
    """The file as it is now, with the hash that was just computed of it."""
    found = path.stat()
    return RecordedFile(path.name, found.st_size, sha256, found.st_mtime_ns)
