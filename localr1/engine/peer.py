"""Who is at the other end of a Unix socket, as the kernel tells it."""

from __future__ import annotations

import os
import socket
import struct
import sys

_MAC_LEVEL, _LOCAL_PEERCRED, _LOCAL_PEERPID = 0, 1, 2
_UCRED = struct.Struct("3i")
"""Linux: pid, uid, gid."""
_XUCRED = struct.Struct("2i68x")
"""macOS: version and uid, then its groups."""


def is_own(connection: socket.socket) -> bool:
    """Whether the other end belongs to this user; nobody else is spoken to, not even the superuser."""
    return peer_uid(connection) == os.getuid()


def peer_uid(connection: socket.socket) -> int:
    """The user id of the other end."""
    if sys.platform == "darwin":
        data = connection.getsockopt(_MAC_LEVEL, _LOCAL_PEERCRED, _XUCRED.size)
        return int(_XUCRED.unpack(data)[1])
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    return int(_UCRED.unpack(data)[1])


def peer_pid(connection: socket.socket) -> int:
    """The process that listens at the other end."""
    if sys.platform == "darwin":
        return int.from_bytes(connection.getsockopt(_MAC_LEVEL, _LOCAL_PEERPID, 4), sys.byteorder)
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    return int(_UCRED.unpack(data)[0])
