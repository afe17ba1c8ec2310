"""A stop for tests that have no time to wait."""

from __future__ import annotations

from localr1.hub.stop import Stop


class Hurried(Stop):
    """Notes the pauses instead of making them."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []
        """Seconds."""

    def wait(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        return bool(self)
