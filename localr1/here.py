"""Where the user is: the paths that they write, and how they would write others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Here:
    """Where the user is: paths that they write begin here, or at home."""

    directory: Path
    home: Path

    def path(self, written: str) -> Path:
        """The path that the user means."""
        if written.startswith("~/"):
            return self.home / written[2:]
        return self.directory / written

    def spelled(self, path: Path) -> str:
        """A path as the user would write it."""
        if path.is_relative_to(self.directory):
            return str(path.relative_to(self.directory))
        return f"~/{path.relative_to(self.home)}" if path.is_relative_to(self.home) else str(path)


NOWHERE = Here(Path("/"), Path("/"))
"""For whoever names every path from its root."""
