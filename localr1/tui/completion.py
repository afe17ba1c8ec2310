"""What could be written at the cursor: choices, and which of them match what is typed (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a completion list."""

    text: str
    """What is written when it is taken, up to where the user goes on."""
    label: str
    """What the list shows, and what is compared with the typed text."""
    note: str = ""
    """A few words beside the label."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a source has to offer for the text before the cursor."""

    choices: Sequence[Choice]
    typed: str
    """What choices are compared with."""
    replaces: int
    """Characters before the cursor that a choice takes the place of."""


class Source(Protocol):
    """Knows what could be written; slow look-ups belong into a thread."""

    async def offer(self, before: str) -> Offer | None:
        """What could be written behind the text `before` the cursor; None where that is not its business."""


def matching(choices: Iterable[Choice], typed: str) -> list[Choice]:
    """The choices that match: those that begin with it, that contain it, that have its letters in order.

    Within each of these groups the order stays. Case does not matter.
    """
    wanted = typed.casefold()
    groups: tuple[list[Choice], list[Choice], list[Choice]] = ([], [], [])
    for choice in choices:
        label = choice.label.casefold()
        if label.startswith(wanted):
            groups[0].append(choice)
        elif wanted in label:
            groups[1].append(choice)
        elif _has_in_order(label, wanted):
            groups[2].append(choice)
    return [choice for group in groups for choice in group]


def _has_in_order(label: str, letters: str) -> bool:
    rest = iter(label)
    return all(letter in rest for letter in letters)
