"""The models that there are to choose from, as lines of a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from localr1.catalog_entry import CatalogEntry, ModelFile
from localr1.fit.offers import Offer
from localr1.fit.verdict import Fit
from localr1.library.elsewhere.find import FoundModel
from localr1.library.local_model import LocalModel


class Place(Enum):
    """Where a model is, in the order of the list."""

    HERE = "On this machine"
    ELSEWHERE = "Already here, from"
    CATALOG = "To fetch"
    HUB = "On the hub"


@dataclass(frozen=True, slots=True)
class Choice:
    """One quant of a model."""

    quant: str
    size: int
    """Bytes."""
    file: ModelFile | None = None
    """What to fetch; None for what the catalog does not know."""
    local: LocalModel | None = None
    """None for what is not here."""
    fit: Fit | None = None
    """None until it is known."""
    name: str = ""
    """What fetches it, or has fetched it, from the hub; empty where the catalog knows that."""


@dataclass(frozen=True, slots=True)
class Row:
    """One model, in all the quants that there are of it."""

    key: str
    """What tells it from the others."""
    name: str
    place: Place
    choices: tuple[Choice, ...]
    first: int = 0
    """Which of its quants is meant unless the user says otherwise."""
    entry: CatalogEntry | None = None
    found: FoundModel | None = None
    """Whose it is, for what another program keeps."""
    about: str = ""
    """What the hub says of it."""

    @property
    def section(self) -> str:
        """The heading that it stands under."""
        return f"{self.place.value} {self.found.program}" if self.found else self.place.value

    def name_of(self, choice: Choice) -> str:
        """What finds this quant of it, here or on the hub."""
        if choice.local or choice.name:
            return choice.local.name if choice.local else choice.name
        default = not self.entry or choice.quant == self.entry.default
        return self.name if default else f"{self.name}:{choice.quant}"

    def is_called(self, words: Sequence[str]) -> bool:
        """Whether its name has all of these, in lower case, in it."""
        return all(word in self.name.lower() for word in words)

    def matches(self, words: Sequence[str]) -> bool:
        """Whether all of these, in lower case, are said of it."""
        entry = self.entry
        said = [self.name, self.section, self.about, *(choice.quant for choice in self.choices)]
        said += [entry.title, entry.summary, entry.license, entry.base] if entry else []
        text = "\n".join(said).lower()
        return all(word in text for word in words)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another program keeps, and how it fits."""

    model: FoundModel
    fit: Fit | None


def shelf(offers: Iterable[Offer], found: Iterable[Elsewhere], best: str = "") -> tuple[Row, ...]:
    """A line for each model: what is here, then what other programs have, then the rest of the catalog.

    The model with the `best` key goes before its neighbours.
    """
    rows: dict[str, list[Offer]] = {}
    for offer in offers:
        rows.setdefault(key_of(offer), []).append(offer)
    known = [_row(key, same) for key, same in rows.items()]
    elsewhere = [_elsewhere(one.model, one.fit) for one in found]
    places = list(Place)
    return tuple(sorted([*known, *elsewhere], key=lambda row: (places.index(row.place), row.key != best)))


def key_of(offer: Offer) -> str:
    """What its model has in the list."""
    if offer.entry:
        return offer.entry.name
    return str(offer.local.path) if offer.local else ""


def _row(key: str, offers: Sequence[Offer]) -> Row:
    choices = tuple(sorted(map(_choice, offers), key=lambda choice: choice.size))
    entry = offers[0].entry
    here = [index for index, choice in enumerate(choices) if choice.local]
    first = here[-1] if here else _default(entry, choices)
    name = entry.name if entry else offers[0].local.name if offers[0].local else key
    return Row(key, name, Place.HERE if here else Place.CATALOG, choices, first, entry)


def _choice(offer: Offer) -> Choice:
    name = hub_name(offer.local) if offer.local else ""
    return Choice(offer.quant, offer.size, offer.file, offer.local, offer.fit, name)


def hub_name(local: LocalModel) -> str:
    """The name that a model of the hub is pulled by; empty for one that came from elsewhere."""
    repo = local.record.repo if local.record else ""
    return f"hf:{repo}:{local.path.name}" if repo else ""


def _default(entry: CatalogEntry | None, choices: Sequence[Choice]) -> int:
    quants = [choice.quant for choice in choices]
    return quants.index(entry.default) if entry and entry.default in quants else 0


def _elsewhere(model: FoundModel, fit: Fit | None) -> Row:
    return Row(
        str(model.path), model.name, Place.ELSEWHERE, (Choice(model.quant, model.size, fit=fit),), found=model
    )
