"""A box that lies over the chat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from localr1.errors import LocalR1Error
from localr1.safe_text import safe_text

T = TypeVar("T")


class Panel(ModalScreen[T]):
    """What all boxes share: Ctrl+C means there what it means everywhere, and errors are said in a corner."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "app.interrupt", "Stop, or quit")]

    @contextmanager
    def saying_errors(self) -> Iterator[None]:
        """Say what goes wrong in the block."""
        try:
            yield
        except LocalR1Error as error:
            self.say(error)

    def say(self, error: LocalR1Error) -> None:
        """Say what went wrong; the box stays."""
        self.notify(safe_text(f"{error.message}\n{error.hint}".strip()), severity="error", markup=False)
