"""The list above the prompt that shows what could be written there."""

from __future__ import annotations

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from localr1.safe_text import safe_line
from localr1.tui.completion import Choice, Offer, matching

SHOWN_CHOICES = 100
"""Nobody looks further down; who wants another one types a letter more."""
LABEL_CELLS = 32
"""Longer labels push their notes to the right."""
_STEPS = {"up": -1, "down": 1, "pageup": -5, "pagedown": 5}


class CompletionList(OptionList, can_focus=False):
    """Stays closed until something is offered; the focus stays in the prompt, which passes keys on."""

    class Clicked(Message):
        """A choice was clicked; the prompt takes it."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    class Toggled(Message):
        """The list has opened or closed."""

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self._choices: list[Choice] = []
        self._declined = False

    @property
    def chosen(self) -> Choice | None:
        """The choice that a key would take; None while the list is closed."""
        return self._choices[self.highlighted] if self._choices and self.highlighted is not None else None

    def show(self, offer: Offer) -> None:
        """Show what matches of an offer, unless the user has declined to see any."""
        self._show([] if self._declined else matching(offer.choices, offer.typed)[:SHOWN_CHOICES])

    def decline(self) -> None:
        """Close the list until there is nothing to offer, as the user does not want it here."""
        self._declined = True
        self._show([])

    def close(self) -> None:
        """There is nothing to offer."""
        self._declined = False
        self._show([])

    def moves(self, key: str) -> bool:
        """Whether an open list has moved by this key; it goes round at its ends for single steps."""
        step = _STEPS.get(key)
        if step is None or self.highlighted is None:
            return False
        wanted, last = self.highlighted + step, len(self._choices) - 1
        self.highlighted = wanted % (last + 1) if abs(step) == 1 else min(max(wanted, 0), last)
        return True

    def _show(self, choices: list[Choice]) -> None:
        if choices != self._choices:
            self._choices = choices
            self.clear_options()
            column = max((len(safe_line(choice.label)) for choice in choices if choice.note), default=0)
            self.add_options([_line(choice, min(column, LABEL_CELLS)) for choice in choices])
            self.highlighted = 0 if choices else None
            if self.display != bool(choices):
                self.display = bool(choices)
                self.post_message(self.Toggled())

    @on(OptionList.OptionSelected)
    def _take_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Clicked(self._choices[event.option_index]))


def _line(choice: Choice, column: int) -> Content:
    """The notes stand in a column of their own behind labels of this width."""
    label = Content(safe_line(choice.label))
    note = Content.styled(f"  {safe_line(choice.note)}", "$text-muted")
    return label.pad_right(max(0, column - label.cell_length)) + note if choice.note else label
