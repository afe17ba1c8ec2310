"""Downloads that earlier runs of the app have left on disk."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from pathlib import Path

from localr1.errors import ModelFileError
from localr1.library.library import Library
from localr1.library.partial_downloads import PartialDownload, partial_downloads
from localr1.tui.downloads.downloads import Download, Phase


def unfinished(library: Library) -> list[Download]:
    """Each model of which a part is here, as a download that rests."""
    partials = sorted(partial_downloads(library), key=attrgetter("name"))
    found = (_download(library, list(same)) for _, same in groupby(partials, attrgetter("name")))
    return [download for download in found if download]


def _download(library: Library, partials: list[PartialDownload]) -> Download | None:
    """None for what lies where no download puts it."""
    here = sum(partial.size for partial in partials)
    try:
        _, file = library.catalog.find(partials[0].name)
    except ModelFileError:
        name = _hub_name(library, partials[0].file)
        return Download(name, 0, here, Phase.PAUSED) if name else None
    return Download(partials[0].name, file.size, here, Phase.PAUSED)


def _hub_name(library: Library, file: Path) -> str:
    """The folders of a download are those of the hub."""
    match file.relative_to(library.directory.absolute()).parts:
        case (owner, repo, name):
            return f"hf:{owner}/{repo}:{name}"
        case _:
            return ""
