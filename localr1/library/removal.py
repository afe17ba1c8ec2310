"""Removing a model: what would be freed, and doing it; nothing outside the models directory goes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from localr1.errors import ModelFileError
from localr1.gguf.split_model import split_model
from localr1.library.disk_use import own_size
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.library.partial_downloads import PartialDownload, partial_downloads, remove_partial, require_idle


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes when a model is removed."""

    name: str
    model: LocalModel | None
    """None where only unfinished downloads of it are here."""
    files: tuple[Path, ...]
    """None for a reference: it is only forgotten, as its file belongs to another program."""
    partials: tuple[PartialDownload, ...]
    freed: int
    """Bytes; a file that has another name elsewhere frees none."""

    @property
    def only_forgotten(self) -> bool:
        """Whether the file stays where it is."""
        return self.model is not None and not self.files


def plan_removal(library: Library, name: str) -> Removal:
    """What removing a model, or what is here of its download, would do.

    Raises ModelFileError for what is not localr1's to remove and what is being downloaded.
    """
    try:
        model = library.look_up(name)
    except ModelFileError:
        partials = tuple(partial_downloads(library, name))
        if not partials:
            raise
        removal = Removal(partials[0].name, None, (), partials, sum(part.size for part in partials))
    else:
        removal = _of_model(library, model)
    for partial in removal.partials:
        require_idle(partial.path, removal.name)
    return removal


def remove(library: Library, removal: Removal) -> None:
    """Do it: the files, what was begun of them, folders that are empty then, and the record last.

    What the model has evaluated of chats goes first.
    """
    if removal.model and library.states:
        library.states.forget_model(removal.model.identity)
    for partial in removal.partials:
        remove_partial(partial)
    for file in removal.files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise ModelFileError(f"{file} can't be removed: {error.strerror}.") from None
    for path in (*removal.files, *(partial.path for partial in removal.partials)):
        _remove_empty(path.parent, library.directory.absolute())
    if removal.model:
        library.records.forget(removal.model.path)


def _of_model(library: Library, model: LocalModel) -> Removal:
    if model.entry and model.entry.bundled:
        raise ModelFileError(f"{model.name} comes with localr1 and stays.")
    if model.record and model.record.how == "referenced":
        return Removal(model.name, model, (), (), 0)
    if not model.path.parent.resolve().is_relative_to(library.directory.resolve()):
        raise ModelFileError(
            f"{model.path} is not in the models directory.",
            hint=f"localr1 removes only what it keeps itself, in {library.directory}.",
        )
    split = split_model(model.path)
    files = tuple(split.parts()) if split else (model.path,)
    partials = tuple(part for part in partial_downloads(library) if part.file in files)
    freed = sum(own_size(file) for file in files) + sum(part.size for part in partials)
    return Removal(model.name, model, tuple(filter(_is_named, files)), partials, freed)


def _is_named(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _remove_empty(folder: Path, models_directory: Path) -> None:
    while folder != models_directory and folder.is_relative_to(models_directory):
        with suppress(OSError):
            folder.rmdir()
        folder = folder.parent
