"""What model the worker holds."""

from __future__ import annotations

from localr1.engine.reports import Held


class Holding:
    """The model that is loaded, if one is; read by threads that talk while another one computes."""

    held: Held | None = None

    @property
    def path(self) -> bytes:
        """The file of the model; empty without one."""
        held = self.held
        return held.load.path if held else b""
