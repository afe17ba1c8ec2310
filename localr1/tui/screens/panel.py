"""A box that lies over the chat."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

T = TypeVar("T")


class Panel(ModalScreen[T]):
    """What all boxes share: Ctrl+C means there what it means everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "app.interrupt", "Stop, or quit")]
