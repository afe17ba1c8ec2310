"""What can be shown of work that takes a while."""

from __future__ import annotations

from typing import Protocol


class Shown(Protocol):
    """How far a piece of work has come, in numbers and in words."""

    @property
    def done(self) -> int: ...

    @property
    def total(self) -> int | None: ...

    @property
    def label(self) -> str: ...

    @property
    def percent(self) -> int: ...

    @property
    def text(self) -> str: ...
