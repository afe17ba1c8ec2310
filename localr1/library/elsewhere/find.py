"""The models that other programs keep on this machine, so that nothing is downloaded a second time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from localr1.errors import ModelFileError
from localr1.foreign_directories import ForeignDirectories
from localr1.gguf.check import check_header
from localr1.gguf.header import GGUFHeader, read_header
from localr1.gguf.quant_name import quant_in
from localr1.gguf.split_model import split_model
from localr1.library.chat_model import not_for_chat
from localr1.library.elsewhere import hugging_face, llama_cpp, lm_studio, ollama
from localr1.library.elsewhere.candidate import Candidate, walk
from localr1.library.imports import Origin

DEPTH = 6
"""Folders below one that was given."""


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model of another program, that can be used where it lies."""

    origin: Origin
    """What `import_model` wants to know; its program is empty in a folder that was given."""
    path: Path
    """Of a split model, the first part."""
    size: int
    """Bytes, of all parts."""
    quant: str = ""
    architecture: str = ""
    problem: str = ""
    """Why it can't be used, a sentence; empty for one that can."""

    @property
    def name(self) -> str:
        """What the program calls it."""
        return self.origin.name

    @property
    def program(self) -> str:
        return self.origin.program


def find_elsewhere(
    directories: ForeignDirectories, folders: Iterable[Path] = (), known: Iterable[Path] = ()
) -> list[FoundModel]:
    """Every file once, by program and name; those that are `known` and what is no chat model are left out.

    Nothing is changed, and what can't be read is passed over; a damaged model is there with its problem.
    """
    seen = set(filter(None, map(_identity, known)))
    found: list[FoundModel] = []
    for candidate in chain(_of_programs(directories), chain.from_iterable(map(_in_folder, folders))):
        identity = _identity(candidate.path)
        if identity and identity not in seen:
            seen.add(identity)
            found += _looked_into(candidate)
    return sorted(found, key=lambda model: (model.program, model.name))


def _of_programs(directories: ForeignDirectories) -> Iterator[Candidate]:
    homes = (*lm_studio.pointed_home(directories.lm_studio_pointer), *directories.lm_studio)
    yield from chain.from_iterable(map(ollama.candidates, directories.ollama))
    yield from chain.from_iterable(map(lm_studio.candidates, homes))
    yield from chain.from_iterable(map(llama_cpp.candidates, directories.llama_cpp))
    yield from chain.from_iterable(map(hugging_face.candidates, directories.hugging_face))


def _in_folder(folder: Path) -> Iterator[Candidate]:
    """The models in a folder that was given, which may be one that Ollama keeps."""
    if ollama.is_store(folder):
        yield from ollama.candidates(folder)
    for path in walk(folder.absolute(), DEPTH):
        yield Candidate("", path.stem, path)


def _identity(path: Path) -> tuple[int, int] | None:
    """The same for all names of a file; None where there is none."""
    with suppress(OSError, ValueError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def _looked_into(candidate: Candidate) -> Iterator[FoundModel]:
    """The model, unless it is none that can chat."""
    path, split = candidate.path, split_model(candidate.path)
    name = split.stem if split and candidate.name == path.stem else candidate.name
    origin = Origin(candidate.program, name, candidate.sha256, candidate.repo, candidate.commit)
    try:
        size = split.size() if split else path.stat().st_size
        header = _checked(path)
    except ModelFileError as error:
        yield FoundModel(origin, path, size, quant_in(name), problem=error.message)
    except OSError:
        return
    else:
        if not not_for_chat(header):
            quant = header.quant or quant_in(name)
            yield FoundModel(origin, path, size, quant, header.architecture)


def _checked(path: Path) -> GGUFHeader:
    header = read_header(path)
    check_header(header)
    return header
