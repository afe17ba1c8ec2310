"""How many of many questions are answered."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.units import time_text


@dataclass(frozen=True, slots=True)
class Tally:
    """One moment of work on things that are counted."""

    done: int
    total: int | None
    """None where nobody knows how many there will be."""
    failed: int = 0
    seconds: float = 0.0
    """That each took, of those done by now."""
    label: str = ""

    @property
    def percent(self) -> int:
        """Rounded down: 100 is the end and nothing else; 0 where there is none in sight."""
        if self.total is None:
            return 0
        return 100 * self.done // self.total if self.total else 100

    @property
    def text(self) -> str:
        """Such as: 12 of 100 · 1 failed · 3.2 s each · 5 min left."""
        parts = [f"{self.done:,} done" if self.total is None else f"{self.done:,} of {self.total:,}"]
        if self.failed:
            parts.append(f"{self.failed:,} failed")
        if self.seconds and self.done != self.total:
            parts.append(f"{self.seconds:.1f} s each")
            if self.total is not None:
                parts.append(f"{time_text(self.seconds * (self.total - self.done))} left")
        return " · ".join(parts)
