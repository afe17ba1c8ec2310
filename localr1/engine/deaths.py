"""Which models keep killing the engine."""

from __future__ import annotations

from pathlib import Path

from localr1.errors import EngineError

LIMIT = 2
"""Deaths in a row on one model, after which it is loaded again only when somebody asks once more."""


class Deaths:
    """Counts deaths by model, until a reply of it ends well."""

    def __init__(self) -> None:
        self._counts: dict[Path, int] = {}

    def add(self, path: Path) -> None:
        """The engine died on this model."""
        self._counts[path] = self._counts.get(path, 0) + 1

    def forget(self, path: Path) -> None:
        """This model works."""
        self._counts.pop(path, None)

    def refuse_once(self, path: Path) -> None:
        """Say once that this model killed the engine again and again; whoever asks again means it."""
        if self._counts.get(path, 0) >= LIMIT:
            self.forget(path)
            raise EngineError(
                f"The engine died {LIMIT} times in a row on {path.name}; it was not loaded again.",
                hint="Send again to try once more, or choose another model.",
            )
