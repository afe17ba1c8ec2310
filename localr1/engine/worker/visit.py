"""The time in which one app has a worker that is kept warm."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress

from localr1.engine.calls import Attach
from localr1.engine.worker.pipes import read_lines


class Visit:
    """A connection that asks for replies."""

    def __init__(self, connection: socket.socket, attach: Attach) -> None:
        connection.settimeout(None)
        self._connection = connection
        self.forget = attach.forget

    def lines(self) -> Iterator[bytes]:
        """What the app says, until it leaves."""
        with suppress(OSError), self._connection.makefile("rb") as stream:
            yield from read_lines(stream)

    def write(self, line: bytes) -> None:
        """Tell the app something; one that has left is noticed where it is listened to."""
        with suppress(OSError):
            self._connection.sendall(line)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
