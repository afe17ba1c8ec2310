"""What there is to choose from on this machine, as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from localr1.fit.machine import Machine
from localr1.fit.offers import Offer
from localr1.library.local_model import LocalModel
from localr1.tui.models.shelf import Elsewhere, Row, hub_name, key_of, shelf


@dataclass(frozen=True, slots=True)
class Survey:
    """The models, and the machine that they shall run on."""

    offers: tuple[Offer, ...] = ()
    found: tuple[Elsewhere, ...] = ()
    """What other programs keep on this machine."""
    asked: tuple[Row, ...] = ()
    """What the hub has answered."""
    machine: Machine | None = None
    """None until it has been measured."""
    best: Offer | None = None
    """What suits the machine best."""
    reason: str = ""
    """Why it does."""

    @property
    def best_key(self) -> str:
        """Key of the row that suits the machine best; empty while that is not known."""
        return key_of(self.best) if self.best else ""

    @property
    def rows(self) -> tuple[Row, ...]:
        """A line for each model; of what the hub has answered, it is said what is here already."""
        pulled = {hub_name(offer.local): offer.local for offer in self.offers if offer.local}
        return (
            *shelf(self.offers, self.found, self.best_key),
            *(_with_local(row, pulled) for row in self.asked),
        )


def _with_local(row: Row, pulled: Mapping[str, LocalModel]) -> Row:
    choices = (replace(choice, local=pulled.get(choice.name)) for choice in row.choices)
    return replace(row, choices=tuple(choices))
