"""Models fetched from the hub, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from localr1.cli.hub.access import HubAccess
from localr1.cli.pull.finder import Wanted
from localr1.cli.pull.view import PullView
from localr1.errors import StoppedError
from localr1.hub.events import Progress, Pulled, PullEvent
from localr1.hub.pull import pull


def download(
    wanted: Sequence[Wanted], access: HubAccess, models_directory: Path, view: PullView
) -> Iterator[Path]:
    """Fetch each model, show how it goes, and tell where it is; raises DownloadError or StoppedError."""
    for each in wanted:
        yield _Download(each, view).run(access, models_directory)


class _Download:
    """One model on its way."""

    def __init__(self, wanted: Wanted, view: PullView) -> None:
        self._wanted = wanted
        self._view = view
        self._percent = 0
        self._path = Path()

    def run(self, access: HubAccess, models_directory: Path) -> Path:
        self._view.begin(self._wanted)
        model = self._wanted.model
        try:
            access.follow(lambda hub, stop: pull(hub, model, models_directory, stop), self._show)
        except StoppedError as error:
            raise StoppedError(
                f"The download of {self._wanted.name} was stopped at {self._percent} %.",
                hint="It continues with the same command.",
                exit_code=error.exit_code,
            ) from None
        return self._path

    def _show(self, event: PullEvent) -> None:
        match event:
            case Progress(_, done, total):
                self._percent = 100 * done // total
            case Pulled(path):
                self._path = path
        self._view.show(event)
