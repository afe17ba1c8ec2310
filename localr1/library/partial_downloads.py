"""Downloads that were begun and not ended, and what removes them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from localr1.errors import ModelFileError
from localr1.gguf.split_model import split_model
from localr1.library.library import Library
from localr1.library.model_files import folders
from localr1.library.part_files import file_of_part, is_locked, parts_in, remove_part
from localr1.library.recognition import recognise


@dataclass(frozen=True, slots=True)
class PartialDownload:
    """The part of one file that is here."""

    name: str
    """Of the model that it belongs to."""
    quant: str
    path: Path
    file: Path
    """What it is to become; of a split model, the part that it is."""
    size: int
    """Bytes that are here."""


def partial_downloads(library: Library, name: str = "") -> list[PartialDownload]:
    """All of them, or those of a model, by its name, `name:quant` or the name of its file."""
    parts = (part for folder in folders(library.directory.absolute()) for part in parts_in(folder))
    found = [_partial(part, file, library) for part in parts if (file := file_of_part(part))]
    return [partial for partial in found if not name or _is_called(partial, name)]


def remove_partial(partial: PartialDownload) -> None:
    """Remove it; raises ModelFileError while somebody downloads into it, or where it can't be removed."""
    require_idle(partial.path, partial.name)
    try:
        if not remove_part(partial.path):
            raise _busy(partial.name)
    except OSError as error:
        raise ModelFileError(f"{partial.path} can't be removed: {error.strerror}.") from None


def require_idle(part: Path, name: str) -> None:
    """Raises ModelFileError while a localr1 is downloading into a file."""
    if is_locked(part):
        raise _busy(name)


def _partial(part: Path, file: Path, library: Library) -> PartialDownload:
    split = split_model(file)
    model = recognise(split.first if split else file, None, library.catalog)
    size = 0
    with suppress(OSError):
        size = part.lstat().st_size
    return PartialDownload(model.name, model.quant, part, file, size)


def _is_called(partial: PartialDownload, name: str) -> bool:
    whole_name = f"{partial.name.partition(':')[0]}:{partial.quant}"
    names = (
        partial.name,
        whole_name,
        partial.file.name,
        partial.path.name,
        str(partial.file),
        str(partial.path),
    )
    return name.lower() in map(str.lower, names)


def _busy(name: str) -> ModelFileError:
    return ModelFileError(f"{name} is being downloaded at this moment.", hint="Stop the download first.")
