"""What ends a request."""

from __future__ import annotations

from localr1.engine.reports import FailureKind


class RequestFailedError(Exception):
    """What is asked for can't be done; the text says why."""

    kind: FailureKind
    """What the app is told."""


class LoadFailedError(RequestFailedError):
    """The model can't be loaded."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind
