"""What ends a load."""

from __future__ import annotations

from localr1.engine.reports import FailureKind


class LoadFailedError(Exception):
    """The model can't be loaded."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
