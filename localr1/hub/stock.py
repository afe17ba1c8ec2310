"""What is already here of a model, so that nothing is fetched twice."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from localr1.hub.remote import RemoteFile, RemoteModel
from localr1.library.part_files import part_path, parts_of, remove_part
from localr1.library.records import Record, RecordedFile, Records
from localr1.regular_file import is_regular


class Stock:
    """The files of one model in a models directory: whole, begun, or under another name."""

    def __init__(self, model: RemoteModel, models_directory: Path) -> None:
        self.model = model
        self.directory = models_directory / model.repo
        """Where all its files belong."""
        self._models_directory = models_directory
        self._records = Records(models_directory)

    def path(self, file: RemoteFile) -> Path:
        """Where it belongs."""
        return self.directory / file.name

    def part(self, file: RemoteFile) -> Path:
        """Where it grows."""
        return part_path(self.path(file), file.sha256)

    def recorded(self, file: RemoteFile) -> RecordedFile | None:
        """What is known of the file, if it is the right one and was not touched since it was checked."""
        record = self._records.of(self.path(self.model.files[0]))
        for known in record.files if record else ():
            if known.name == file.name and _same(known, file) and known.describes(self.directory):
                return known
        return None

    def has_size(self, file: RemoteFile) -> bool:
        """Whether a file of its name and size lies where it belongs."""
        return _size(self.path(file)) == file.size

    def missing(self, files: Sequence[RemoteFile]) -> int:
        """Bytes that have to come before they are whole, by the sizes of what lies there."""
        return sum(max(file.size - _size(self.part(file)), 0) for file in files if not self.has_size(file))

    def twins(self, file: RemoteFile) -> Iterator[Path]:
        """Other files that should have the same content: known ones, and one that was put there by hand."""
        for record in self._records.all():
            directory = self._records.path_of(record).parent
            for known in record.files:
                if _same(known, file) and known.describes(directory):
                    yield directory / known.name
        by_hand = self._models_directory / file.name
        if _size(by_hand) == file.size:
            yield by_hand

    def record(self, files: Sequence[RecordedFile]) -> None:
        """Remember that the whole model is here, and remove what other downloads of it left unfinished."""
        first = self.model.files[0]
        path = self.path(first)
        known = self._records.of(path)
        if not known or known.files != tuple(files):
            self._records.save(
                Record(
                    path=str(path.relative_to(self._models_directory)),
                    files=tuple(files),
                    how="pulled",
                    repo=first.repo,
                    commit=first.commit,
                    license=self.model.license,
                    added=time.time(),
                )
            )
        for part in (part for file in self.model.files for part in parts_of(self.path(file))):
            with suppress(OSError):
                remove_part(part)


def _same(known: RecordedFile, file: RemoteFile) -> bool:
    return (known.size, known.sha256) == (file.size, file.sha256)


def _size(path: Path) -> int:
    """Bytes; 0 where there is no file."""
    return path.stat().st_size if is_regular(path) else 0
