"""How far a piece of work has come."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.units import size_text, time_text


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of work on bytes that are counted."""

    done: int
    total: int
    label: str = ""
    """What is being done, where that is not plain; foreign text in it has been made safe."""
    rate: float = 0.0
    """Bytes a second; 0 where it is not known."""

    @property
    def percent(self) -> int:
        """Rounded down: 100 is the end and nothing else."""
        return 100 * self.done // self.total if self.total else 100

    @property
    def text(self) -> str:
        """Such as: part 1 of 2 · 42 % · 469 MB of 1.12 GB · 11.2 MB/s · 1 min left."""
        parts = [f"{self.percent} %", f"{size_text(self.done)} of {size_text(self.total)}"]
        if self.label:
            parts.insert(0, self.label)
        if self.rate:
            left = (self.total - self.done) / self.rate
            parts += [f"{size_text(round(self.rate))}/s", f"{time_text(left)} left"]
        return " · ".join(parts)
