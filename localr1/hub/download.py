"""One file on its way from a source into its part, until all of it is there and right."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from localr1.errors import DownloadError
from localr1.hub.checking import Checker
from localr1.hub.disk import GOES_ON
from localr1.hub.events import PullEvent, Retrying
from localr1.hub.failure import TemporaryError, UnreachableError
from localr1.hub.part import Part
from localr1.hub.remote import RemoteFile
from localr1.hub.retries import TRIES, Retries
from localr1.hub.source import Body, Source


class Download:
    """The steps are taken by whoever iterates over them; what has come stays in the part, however it ends."""

    def __init__(self, file: RemoteFile, part: Part, source: Source, checker: Checker) -> None:
        self._file = file
        self._part = part
        self._source = source
        self._checker = checker
        self._hasher = checker.hasher
        self._meter = checker.meter
        self._stop = checker.stop
        self._retries = Retries()
        self._furthest = part.size
        self.received = 0
        """Bytes that came from the source."""

    def steps(self) -> Iterator[PullEvent]:
        """Check what is there, fetch the rest, compare the hash; raises DownloadError or StoppedError."""
        if self._part.size > self._file.size:
            self._part.restart()
        yield from self._checker.check(self._file.name, self._part.size, self._part.read_into)
        yield self._meter.progress_now(self._file.name, self._part.size)
        yield from self._fetch()
        if self._hasher.hexdigest() != self._file.sha256:
            self._part.discard()
            raise DownloadError(
                f"{self._file.name} does not match its hash: it was damaged or changed on its way.",
                hint="What came was removed. Try again; if it repeats, something on the way is at fault.",
            )

    def _fetch(self) -> Iterator[PullEvent]:
        while self._part.size < self._file.size:
            try:
                yield from self._stream()
            except TemporaryError as error:
                yield from self._pause(error)

    def _pause(self, error: TemporaryError) -> Iterator[Retrying]:
        """Until the next try; raises DownloadError where another one would be as vain as those before."""
        if isinstance(error, UnreachableError) and not self.received:
            raise error
        self._retries.failed(something_came=self._part.size > self._furthest)
        self._furthest = max(self._furthest, self._part.size)
        if self._retries.exhausted:
            raise DownloadError(f"{error.message} Tried {TRIES} times.", hint=GOES_ON) from error
        seconds = self._retries.pause(error.seconds)
        yield Retrying(self._file.name, seconds, error.message)
        self._stop.wait(seconds)

    def _stream(self) -> Iterator[PullEvent]:
        """What one request brings; raises TemporaryError where it ends too early."""
        with self._source.open(self._file, self._part.size) as body:
            if body.start != self._part.size:
                self._part.restart()
                self._hasher.restart()
            while self._hasher.feed(partial(self._receive, body)):
                if progress := self._meter.progress(self._file.name, self._part.size):
                    yield progress
                self._stop.check()

    def _receive(self, body: Body, block: memoryview) -> int:
        count = body.read_into(block)
        self.received += count
        self._meter.received += count
        self._part.append(block[:count])
        return count
