"""The quants of a model, for whoever has to choose one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from localr1.catalog_entry import CatalogEntry
from localr1.cli.fits import Fits, speed_of, verdict_text
from localr1.cli.table import table_lines
from localr1.fit.verdict import Fit
from localr1.hub.remote import RemoteModel
from localr1.hub.target import HubTarget
from localr1.units import size_text

MAIN = "main"
"""The revision that a name without any means."""
USUAL = "Q4_K_M"
"""Hardly worse than the original, at a third of its size."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One quant."""

    name: str
    """What `localr1 pull` takes."""
    quant: str
    size: int
    """Bytes."""
    fit: Fit | None


def choices_of_entry(entry: CatalogEntry, fits: Fits) -> list[Choice]:
    """Those that the catalog has."""
    return [
        Choice(f"{entry.name}:{file.quant}", file.quant, file.size, fits.of_entry(entry, file.size))
        for file in entry.files
    ]


def choices_of_repo(
    target: HubTarget, models: Sequence[RemoteModel], fits: Iterable[Fit | None]
) -> list[Choice]:
    """Those of a repository; by the name of the file where a quant is there more than once."""
    counts = Counter(model.quant for model in models)
    place = f"hf:{target.repo}" if target.revision == MAIN else f"hf:{target.repo}@{target.revision}"
    return [
        Choice(f"{place}:{_which(model, counts)}", model.quant, model.size, fit)
        for model, fit in zip(models, fits, strict=True)
    ]


def choice_lines(choices: Iterable[Choice]) -> Iterator[str]:
    """A table, whose last column can be pulled."""
    rows = [
        (
            choice.quant or "–",
            size_text(choice.size),
            verdict_text(choice.fit),
            speed_of(choice.fit),
            f"localr1 pull {choice.name}",
        )
        for choice in choices
    ]
    yield from table_lines(("QUANT", "SIZE", "FIT", "SPEED", "COMMAND"), rows, right=(1, 3))


def usual(choices: Sequence[Choice]) -> Choice:
    """The quant that most people take, or else the smallest."""
    return next((choice for choice in choices if choice.quant == USUAL), choices[0])


def _which(model: RemoteModel, counts: Counter[str]) -> str:
    return model.quant if model.quant and counts[model.quant] == 1 else model.files[0].path
