"""Where a worker that is kept warm is found: a socket in a private directory, one for each installation."""

from __future__ import annotations

import fcntl
import os
import socket
import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from localr1 import __version__
from localr1.engine.peer import is_own
from localr1.engine.protocol import VERSION
from localr1.paths import PRIVATE_FILE, make_private_directory

_NAMES = "engine-*.sock"
PATH_LIMIT = 103
"""Bytes of a socket's path: macOS has room for these and a zero, Linux for four more."""


def warm_place(directory: Path, command: Sequence[str]) -> Path:
    """The socket of workers that this command starts, in this version; others never meet them."""
    known_by = repr((__version__, VERSION, list(command)))
    return directory / f"engine-{zlib.crc32(known_by.encode()):08x}.sock"


def all_places(directory: Path) -> list[Path]:
    """The sockets of every version, stale ones among them."""
    return sorted(directory.glob(_NAMES)) if _is_private(directory) else []


def obstacle(place: Path) -> str:
    """Why no worker can be found there; empty where one can."""
    if len(os.fsencode(place)) > PATH_LIMIT:
        return f"the path of its socket would be too long in {place.parent}"
    if place.parent.exists() and not _is_private(place.parent):
        return f"{place.parent} is open to others"
    return ""


def connect_to(place: Path) -> socket.socket | None:
    """A connection to a worker of this user; None where there is none."""
    if not _is_private(place.parent):
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.setblocking(False)  # a socket of this kind is connected at once or not at all
    try:
        connection.connect(str(place))
        if is_own(connection):
            return connection
    except OSError:
        pass
    connection.close()
    return None


def listen_at(place: Path) -> socket.socket | None:
    """A socket for a new worker in the place of a stale one.

    None where there can be none: its path is too long, the directory is open to others, or a worker is there
    by now.
    """
    try:
        make_private_directory(place.parent)
        with _locked(place.parent):
            return _listen_at(place)
    except OSError:
        return None


def _listen_at(place: Path) -> socket.socket | None:
    if not _is_private(place.parent):
        return None
    if other := connect_to(place):
        other.close()
        return None
    place.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.bind(str(place))
        place.chmod(PRIVATE_FILE)
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def _is_private(directory: Path) -> bool:
    """Whether it is this user's, and nobody else's: the path may be one that others can write to."""
    try:
        found = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Alone among all that want to make a socket there; raises BlockingIOError beside another one."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
