"""Names on the command line → models on the hub, and how they fit this machine."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from localr1.catalog import Catalog
from localr1.catalog_entry import CatalogEntry
from localr1.cli.fits import Fits
from localr1.cli.hub.access import HubAccess
from localr1.cli.pull.quants import Choice, choices_of_entry, choices_of_repo
from localr1.errors import ModelFileError, UsageError
from localr1.fit.verdict import Fit, Verdict
from localr1.gguf.header import GGUFHeader
from localr1.hub.hub import Hub
from localr1.hub.remote import RemoteModel
from localr1.hub.target import HubTarget, hub_target
from localr1.units import size_text

LIGHT = 0.5
"""Share of the free memory that weights may take and surely leave room for all else."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model that somebody asked for."""

    name: str
    """In the words that they used."""
    model: RemoteModel
    entry: CatalogEntry | None = None
    """None for a model that the catalog does not know."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds what is to be fetched."""

    access: HubAccess
    catalog: Catalog
    fits: Fits

    def wanted(self, name: str) -> Wanted:
        """The model of a name of the catalog or of the hub.

        Raises ModelFileError for a name that nobody knows, AmbiguousError for a repository of several models.
        """
        if target := hub_target(name):
            model = self.access.ask(lambda hub: hub.model(target))
            known = self.catalog.file_named(model.name, model.repo)
            return Wanted(name, model, known[0] if known else None)
        entry, file = self.catalog.find(name)
        if entry.bundled:
            raise UsageError(f"{entry.name} is a part of localr1: there is nothing to fetch.")
        return Wanted(name, self.access.ask(lambda hub: hub.file_of(entry, file)), entry)

    def choices(self, name: str) -> list[Choice]:
        """The quants that there are of a model of the catalog, or in a repository."""
        target = hub_target(name)
        if not target:
            return choices_of_entry(self.catalog.find(name.partition(":")[0])[0], self.fits)
        models, header = self.access.ask(partial(_look_into, target))
        fits = [self.fits.of_header(header, model.size) if header else None for model in models]
        return choices_of_repo(target, models, fits)

    def fit(self, wanted: Wanted) -> Fit | None:
        """How a model would fit; its header is read from the hub only where its size leaves that open."""
        model = wanted.model
        if wanted.entry and wanted.entry.shape:
            return self.fits.of_entry(wanted.entry, model.size)
        if model.size < LIGHT * self.fits.machine.memory_free:
            return None
        return self.fits.of_header(self.access.ask(lambda hub: hub.header(model)), model.size)

    def smaller(self, wanted: Wanted) -> str:
        """The largest quant of the same model that fits well, in a sentence; empty where there is none."""
        choices = choices_of_entry(wanted.entry, self.fits) if wanted.entry else []
        fitting = [
            (choice.fit.memory, choice.name)
            for choice in choices
            if choice.fit and choice.fit.verdict is Verdict.FITS and choice.size < wanted.model.size
        ]
        if not fitting:
            return ""
        memory, name = max(fitting)
        return f"{name} needs {size_text(memory)}."


def _look_into(target: HubTarget, hub: Hub) -> tuple[tuple[RemoteModel, ...], GGUFHeader | None]:
    """The models in a repository, smallest first, and the header of the first: all have its shape.

    Where that is broken, the others can be chosen all the same.
    """
    models = hub.models(target)
    if not models:
        raise ModelFileError(f"There is no such GGUF model in {target.repo}.")
    with suppress(ModelFileError):
        return models, hub.header(models[0])
    return models, None
