"""Taking a model that is somewhere on this machine into the library."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from localr1.errors import ModelFileError
from localr1.gguf.split_model import split_model
from localr1.library.chat_model import read_chat_model
from localr1.library.hashing import Hashed
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.library.model_files import SUFFIX
from localr1.library.records import Record, recorded_file
from localr1.library.staging import discard_all, leave_nothing, publish_all, stage_all
from localr1.library.transfer import Staged, Way
from localr1.regular_file import is_regular

How = Literal["reference", "link", "copy", "move"]

_UNUSUAL = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Origin:
    """What another program knows of a file that is imported from it."""

    program: str = ""
    """Such as Ollama."""
    name: str = ""
    """What that program calls the model."""
    sha256: str = ""
    """Empty where it does not tell; so with the next two."""
    repo: str = ""
    """`owner/name` on the hub that the program fetched it from."""
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """The last event."""

    model: LocalModel
    new: bool
    """False where the same file was here already, and nothing was done."""


NOBODY = Origin()


def import_model(
    library: Library, path: Path, how: How = "reference", origin: Origin = NOBODY
) -> Generator[Hashed | Imported, None, None]:
    """Make a GGUF file a model of the library; a split one comes whole, by any of its parts.

    A reference leaves the file where it is and takes no room, but the model is gone when the file is. A link
    is a second name for the same bytes on the same disk. A copy takes its room again; a move leaves nothing
    behind. Raises ModelFileError, with nothing changed, for what is no chat model and for a taken name.
    """
    quant = read_chat_model(path)[0].quant
    path = path.parent.resolve() / path.name
    split = split_model(path)
    sources = tuple(split.parts()) if split else (path,)
    record = Record(
        path=str(sources[0]),
        files=tuple(recorded_file(source, "" if split else origin.sha256) for source in sources),
        how="referenced",
        quant=quant,
        repo=origin.repo,
        commit=origin.commit,
        program=origin.program,
        name=origin.name,
        added=time.time(),
    )
    if present := _present(library, sources[0]):
        yield Imported(present, new=False)
    elif how == "reference":
        yield Imported(_remember(library, record), new=True)
    else:
        yield from _take_in(library, sources, how, record)


def _take_in(
    library: Library, sources: Sequence[Path], how: Way, record: Record
) -> Iterator[Hashed | Imported]:
    directory = library.directory.absolute()
    targets = [directory / _file_name(source, record.name) for source in sources]
    staged = yield from stage_all(sources, targets, how)
    if present := _same_content(library, staged):
        discard_all(staged)
        yield Imported(present, new=False)
        return
    files = publish_all(staged)
    replaced = msgspec.structs.replace(record, path=str(targets[0]), files=files, how="imported")
    model = _remember(library, replaced)
    if how == "move":
        leave_nothing(sources)
    yield Imported(model, new=True)


def _remember(library: Library, record: Record) -> LocalModel:
    """The model that a record is of, once that is saved."""
    library.records.save(record)
    return library.look_up(record.path)


def _present(library: Library, path: Path) -> LocalModel | None:
    """The model of the library that is this very file, by whatever name."""
    for model in library.models():
        if is_regular(model.path) and model.path.samefile(path):
            return model
    return None


def _same_content(library: Library, staged: Sequence[Staged]) -> LocalModel | None:
    hashes = [file.sha256 for file in staged]
    for model in library.models():
        if model.record and not model.missing and [file.sha256 for file in model.record.files] == hashes:
            return model
    return None


def _file_name(source: Path, name: str) -> str:
    """What the file is to be called; a program may keep it under a name that means nothing."""
    file_name = source.name
    if source.suffix.lower() != SUFFIX:
        file_name = f"{_UNUSUAL.sub('-', name or file_name)}{SUFFIX}"
    if file_name.startswith(".") or not file_name.isprintable():
        raise ModelFileError(f"{file_name} is no good name for a model.", hint="Rename the file first.")
    return file_name
