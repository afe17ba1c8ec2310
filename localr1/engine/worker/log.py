"""The log of what C code prints, which never gets long."""

from __future__ import annotations

import os
import threading

LOG_LIMIT = 256 * 1024
"""Bytes; a longer log is begun anew."""
LOOK_SECONDS = 1.0
"""Between two looks."""


def keep_short(descriptor: int) -> None:
    """Begin a log, opened to append, anew whenever it is too long, as long as the process lives."""
    _cut(descriptor)
    threading.Thread(target=_watch, args=(descriptor,), name="log", daemon=True).start()


def _watch(descriptor: int) -> None:
    pause = threading.Event()
    while not pause.wait(LOOK_SECONDS):
        _cut(descriptor)


def _cut(descriptor: int) -> None:
    if os.fstat(descriptor).st_size > LOG_LIMIT:
        os.ftruncate(descriptor, 0)
