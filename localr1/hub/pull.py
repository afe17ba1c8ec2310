"""A model from the hub into the models directory: whole, right, and never fetched twice."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

from localr1.errors import StoppedError
from localr1.hub.checking import Checker
from localr1.hub.disk import disk_errors, require_space
from localr1.hub.download import Download
from localr1.hub.events import Pulled, PullEvent, Waiting
from localr1.hub.hashing import hashing
from localr1.hub.part import Part, open_part
from localr1.hub.remote import RemoteFile, RemoteModel
from localr1.hub.source import Copy, Source
from localr1.hub.speed import Meter
from localr1.hub.stock import Stock
from localr1.hub.stop import Stop
from localr1.library.records import RecordedFile, recorded_file
from localr1.paths import make_private_directory

POLL = 0.5
"""Seconds between two looks at a file that another localr1 downloads."""


def pull(hub: Source, model: RemoteModel, models_directory: Path, stop: Stop) -> Iterator[PullEvent]:
    """Bring all files of a model here, one after the other; the last event is Pulled.

    What is on this disk already, under whatever name, is not fetched. What has come stays, however this ends,
    and the next pull goes on from there. Raises DownloadError, and StoppedError once `stop` is set.
    """
    with hashing() as hasher:
        model_pull = _Pull(hub, Stock(model, models_directory), Checker(hasher, Meter(model.size), stop))
        try:
            yield from model_pull.steps()
        except StoppedError as error:
            raise StoppedError(
                f"Download of {model.name} stopped at {100 * model_pull.done // model.size} %;"
                " the same command goes on from there."
            ) from error


class _Pull:
    """One model on its way."""

    def __init__(self, hub: Source, stock: Stock, checker: Checker) -> None:
        self._hub = hub
        self._stock = stock
        self._checker = checker
        self._part: Part | None = None
        self._fetched = 0

    @property
    def done(self) -> int:
        """Bytes that are here."""
        return self._checker.meter.finished + (self._part.size if self._part else 0)

    def steps(self) -> Iterator[PullEvent]:
        model = self._stock.model
        first = self._stock.path(model.files[0])
        with disk_errors(first):
            make_private_directory(first.parent)
        files = []
        for file in model.files:
            files.append(self._stock.recorded(file) or (yield from self._bring(file)))
            self._part = None
            self._checker.meter.finished += file.size
        self._stock.record(files)
        yield Pulled(first, model.size, self._fetched)

    def _bring(self, file: RemoteFile) -> Generator[PullEvent, None, RecordedFile]:
        """The file, from wherever it can be had; nobody else brings it meanwhile."""
        path = self._stock.path(file)
        with ExitStack() as held:
            self._part = part = yield from self._locked_part(file, held)
            if not (yield from self._is_here(file)):
                twin = yield from self._twin(file)
                if not (twin and _link(twin, path)):
                    yield from self._download(file, part, Copy(twin) if twin else self._hub)
                    part.publish(path)
            part.discard()
            with disk_errors(path):
                return recorded_file(path, file.sha256)

    def _locked_part(self, file: RemoteFile, held: ExitStack) -> Generator[PullEvent, None, Part]:
        """Waits while another localr1 has it."""
        waiting = False
        while not (part := held.enter_context(open_part(self._stock.part(file)))):
            held.close()
            if not waiting:
                yield Waiting(file.name)
            waiting = True
            self._checker.stop.wait(POLL)
            self._checker.stop.check()
        return part

    def _is_here(self, file: RemoteFile) -> Generator[PullEvent, None, bool]:
        return bool(self._stock.recorded(file)) or (
            self._stock.has_size(file) and (yield from self._checker.is_right(self._stock.path(file), file))
        )

    def _twin(self, file: RemoteFile) -> Generator[PullEvent, None, Path | None]:
        """Another file on this machine that has been seen to have the same content."""
        for twin in self._stock.twins(file):
            if (yield from self._checker.is_right(twin, file)):
                return twin
        return None

    def _download(self, file: RemoteFile, part: Part, source: Source) -> Iterator[PullEvent]:
        files = self._stock.model.files
        later = files[files.index(file) + 1 :]
        require_space(self._stock.directory, max(file.size - part.size, 0) + self._stock.missing(later))
        download = Download(file, part, source, self._checker)
        yield from download.steps()
        if source is self._hub:
            self._fetched += download.received


def _link(twin: Path, path: Path) -> bool:
    """Give the same content a second name; false where that can't be, as on another disk."""
    try:
        path.hardlink_to(twin.resolve())
    except OSError:
        return False
    return True
