"""What a running worker is reached by."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from localr1.engine.reports import Ready


class Process(Protocol):
    """The worker as a process."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None:
        """As asyncio gives it; None while it runs, or where nobody can know."""

    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    async def wait(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Connection:
    """A worker's process, and the lines that go to it and come from it."""

    process: Process
    requests: asyncio.StreamWriter
    reports: asyncio.StreamReader
    kept: bool = False
    """It lives on when the connection ends."""
    ready: Ready | None = None
    """What it has said of itself already."""


Connect: TypeAlias = Callable[[], Awaitable[Connection]]
"""→ a worker to speak to; raises EngineError."""
