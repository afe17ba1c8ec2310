"""Every model that there is to choose from, here and on the hub, with how it fits this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from localr1.catalog_entry import CatalogEntry, ModelFile
from localr1.errors import ModelFileError
from localr1.fit.machine import Machine
from localr1.fit.need import USUAL_ROOM, Room
from localr1.fit.shape import shape_of
from localr1.fit.verdict import Fit, judge
from localr1.gguf.header import read_header
from localr1.library.library import Library
from localr1.library.local_model import LocalModel


@dataclass(frozen=True, slots=True)
class Offer:
    """One quant of one model."""

    entry: CatalogEntry | None
    """None for a model that the catalog does not know."""
    file: ModelFile | None
    """None for a quant that the catalog does not know."""
    local: LocalModel | None
    """None for what is not on this machine."""
    fit: Fit | None
    """None for a model of which too little is known."""

    @property
    def quant(self) -> str:
        return self.file.quant if self.file else self.local.quant if self.local else ""

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return self.local.size if self.local else self.file.size if self.file else 0

    @property
    def label(self) -> str:
        """Such as "qwen-7b Q4_K_M"."""
        if self.entry:
            return self.entry.name if self.entry.bundled else f"{self.entry.name} {self.quant}"
        return self.local.name if self.local else ""


def offers(library: Library, machine: Machine | None, room: Room = USUAL_ROOM) -> list[Offer]:
    """The catalog in its order, every quant of it, then the models on this machine that it does not have.

    Without a machine nothing is judged, and no header is read for that.
    """
    here = [model for model in library.models() if not model.missing]
    listed: list[Offer] = []
    for entry in library.catalog.entries:
        for file in entry.files:
            local = _taken(here, entry, file.quant)
            if local or not entry.bundled:
                listed.append(Offer(entry, file, local, _catalog_fit(entry, file, local, machine, room)))
    return [*listed, *_unlisted(here, machine, room)]


def _taken(here: list[LocalModel], entry: CatalogEntry, quant: str) -> LocalModel | None:
    """The local model of an entry and quant, taken out of the list."""
    for model in here:
        if model.entry is entry and model.quant == quant:
            here.remove(model)
            return model
    return None


def _unlisted(here: list[LocalModel], machine: Machine | None, room: Room) -> Iterator[Offer]:
    """What no row of the catalog stands for, its shape read from its own file."""
    for model in here:
        file = next((file for file in _files(model) if file.quant == model.quant), None)
        yield Offer(model.entry, file, model, local_fit(model, machine, room))


def _files(model: LocalModel) -> tuple[ModelFile, ...]:
    return model.entry.files if model.entry else ()


def _catalog_fit(
    entry: CatalogEntry, file: ModelFile, local: LocalModel | None, machine: Machine | None, room: Room
) -> Fit | None:
    if local and not entry.shape:
        return local_fit(local, machine, room)
    size = local.size if local else file.size
    return judge(entry.shape, size, machine, trained=entry.context, room=room)


def local_fit(model: LocalModel, machine: Machine | None, room: Room = USUAL_ROOM) -> Fit | None:
    """How a model on disk fits, by its header; None where that can't be read or tells too little."""
    if machine is None:
        return None
    try:
        header = read_header(model.path)
    except ModelFileError:
        return None
    weights = model.size - header.data_offset
    return judge(shape_of(header), weights, machine, trained=header.context_length, room=room)
