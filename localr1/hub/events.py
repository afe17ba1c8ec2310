"""What happens during a download, in the order in which a front end shows it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another localr1 is downloading this file; ours begins, or is not needed any more, when that ends."""

    file: str


@dataclass(frozen=True, slots=True)
class Checking:
    """What an earlier try left on disk is hashed, so that it need not be fetched again; both in bytes."""

    file: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Progress:
    """More has come; sizes in bytes, of all files of the model together."""

    file: str
    done: int
    total: int
    rate: float
    """Bytes a second over the last seconds; 0 before that is known."""

    @property
    def seconds_left(self) -> float | None:
        """None while the rate is not known."""
        return (self.total - self.done) / self.rate if self.rate else None


@dataclass(frozen=True, slots=True)
class Retrying:
    """The connection was lost or the hub is busy; the next try comes after so many seconds."""

    file: str
    seconds: float
    reason: str
    """A sentence."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """All files are here and match their hashes; the last event."""

    path: Path
    """Of a split model, the first part."""
    size: int
    """Bytes, of all files."""
    fetched: int
    """Bytes that came over the network; 0 when everything was here already."""


PullEvent: TypeAlias = Waiting | Checking | Progress | Retrying | Pulled
