"""Having the worker that is kept warm, or starting one that stays."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from localr1.engine.calls import Attach, encode_call
from localr1.engine.child import start_child
from localr1.engine.connection import Connection
from localr1.engine.kept_process import KeptProcess, start_kept
from localr1.engine.limits import LINE_LIMIT
from localr1.engine.protocol import VERSION, decode_report
from localr1.engine.reports import Ready
from localr1.engine.warm_place import connect_to, listen_at, warm_place

GREETING_SECONDS = 0.3
"""How long a warm worker may take to answer; a new one takes hardly longer to start."""


@dataclass(frozen=True, slots=True)
class Warm:
    """How a worker is to be had."""

    directory: Path
    command: Sequence[str]
    keep_seconds: float = 0.0
    """How long a worker stays without a question; 0 starts none that stays."""
    forget: bool = False
    """It keeps nothing of what was asked."""
    greeting_seconds: float = GREETING_SECONDS

    async def connect(self) -> Connection:
        """The warm worker where it is free, else a new one; raises EngineError when that can't be started."""
        place = warm_place(self.directory, self.command)
        if connection := await self._attach(place):
            return connection
        if self.keep_seconds and (listening := listen_at(place)):
            with listening:
                return await self._start(place, listening)
        return await start_child(self.command)

    async def _attach(self, place: Path) -> Connection | None:
        """None for one that is busy, hung, ending, or of another version: it would be no faster."""
        connection = connect_to(place)
        if connection is None:
            return None
        reports, requests = await self._call(connection)
        try:
            ready = await asyncio.wait_for(_greeting(reports), self.greeting_seconds)
        except (asyncio.TimeoutError, OSError, EOFError, ValueError, msgspec.DecodeError):
            requests.close()
            return None
        return Connection(KeptProcess(ready.pid), requests, reports, kept=True, ready=ready)

    async def _start(self, place: Path, listening: socket.socket) -> Connection:
        """Start a worker with the socket in place of its standard input, and be its first caller."""
        connection = connect_to(place)
        if connection is None:
            return await start_child(self.command)
        process = KeptProcess(start_kept(self.command, listening), child=True)
        reports, requests = await self._call(connection)
        return Connection(process, requests, reports, kept=True)

    async def _call(self, connection: socket.socket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reports, requests = await asyncio.open_unix_connection(sock=connection, limit=LINE_LIMIT)
        requests.write(encode_call(Attach(self.keep_seconds, self.forget)))
        return reports, requests


async def _greeting(reports: asyncio.StreamReader) -> Ready:
    """What the worker says of itself; raises EOFError where it does not want us."""
    while line := await reports.readline():
        report = decode_report(line)
        if isinstance(report, Ready) and report.version == VERSION:
            return report
    raise EOFError
