"""What is kept warm on this machine, asked of each worker, and its end."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from localr1.engine.calls import CALL_LIMIT, Call, End, Inquire, Standing, decode_standing, encode_call
from localr1.engine.peer import peer_pid
from localr1.engine.warm_place import all_places, connect_to

ANSWER_SECONDS = 1.0
"""How long a worker may take to answer; its listening thread has nothing else to do."""


def find_standings(directory: Path) -> list[Standing]:
    """How things stand with each worker; one that does not answer is left out."""
    standings = []
    for connection in _connections(directory):
        with suppress(OSError, msgspec.DecodeError):
            standings.append(decode_standing(_answer(connection, Inquire())))
    return standings


def end_all(directory: Path) -> int:
    """End every worker, one that does not answer by force; how many there were."""
    count = 0
    for connection in _connections(directory):
        try:
            _answer(connection, End())
        except TimeoutError:
            os.kill(peer_pid(connection), signal.SIGKILL)
        except OSError:
            continue
        count += 1
    return count


def _connections(directory: Path) -> Iterator[socket.socket]:
    for place in all_places(directory):
        if connection := connect_to(place):
            connection.settimeout(ANSWER_SECONDS)
            with connection:
                yield connection


def _answer(connection: socket.socket, call: Call) -> bytes:
    """The line that comes back; empty where the connection ends instead."""
    connection.sendall(encode_call(call))
    with connection.makefile("rb") as stream:
        return stream.readline(CALL_LIMIT)
