"""What a download shows: words and a bar, or JSON events for programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from localr1.cli.json_output import print_event
from localr1.cli.progress.progress import Progress
from localr1.cli.progress.step import Step
from localr1.cli.pull.finder import Wanted
from localr1.hub import events
from localr1.hub.events import PullEvent
from localr1.units import size_text, time_text


@dataclass(frozen=True, slots=True)
class Begun:
    """What is about to be fetched; sizes in bytes."""

    name: str
    """As it was asked for."""
    repo: str
    commit: str
    files: tuple[str, ...]
    total: int
    quant: str
    license: str


class PullView(Protocol):
    """Shows one download after the other."""

    def begin(self, wanted: Wanted) -> None:
        """This model is about to be fetched."""

    def show(self, event: PullEvent) -> None:
        """What happens to it."""


class JSONView:
    """Every event as one line of JSON on standard output."""

    def begin(self, wanted: Wanted) -> None:
        model = wanted.model
        files = tuple(file.path for file in model.files)
        commit = model.files[0].commit
        print_event(Begun(wanted.name, model.repo, commit, files, model.size, model.quant, model.license))

    def show(self, event: PullEvent) -> None:
        print_event(event)


class WordsView:
    """Words and progress on standard error."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._files: tuple[str, ...] = ()

    def begin(self, wanted: Wanted) -> None:
        model = wanted.model
        self._files = tuple(file.name for file in model.files)
        self._progress.say(f"Fetching {model.name} ({size_text(model.size)}) from {model.repo}")

    def show(self, event: PullEvent) -> None:
        match event:
            case events.Waiting():
                self._progress.wait("waiting for another localr1 that is fetching it")
            case events.Checking(_, done, total):
                self._progress.show(Step(done, total, "checking what is there"))
            case events.Progress(file, done, total, rate):
                self._progress.show(Step(done, total, self._part(file), rate))
            case events.Retrying(_, seconds, reason):
                self._progress.wait(f"retrying in {time_text(seconds)}: {reason}")
            case events.Pulled(path, size, fetched):
                self._progress.stop()
                self._progress.say(_ending(path, size, fetched))

    def _part(self, file: str) -> str:
        if len(self._files) < 2 or file not in self._files:
            return ""
        return f"part {self._files.index(file) + 1} of {len(self._files)}"


def _ending(path: Path, size: int, fetched: int) -> str:
    whole = size_text(size)
    if not fetched:
        return f"It is here already, {whole} that match their hash: {path}"
    return f"It is here, {whole} that match their hash: {path}"
