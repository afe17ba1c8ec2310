"""Makes sure that a signal is heard while a line is read.

One that comes just before the read begins to wait is noticed by Python only when that wait ends. So the wait
is broken off a moment later, by a signal that means nothing.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import main_thread

from localr1.loop_thread import LoopThread

NUDGE = signal.SIGURG
"""Ignored by whoever does not ask for it."""
DELAYS = (0.05, 0.3, 1.0)
"""Seconds after a signal."""


@contextmanager
def wakeups(loop: LoopThread) -> Iterator[None]:
    """Let the main thread hear every signal during the block."""
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        handler = signal.signal(NUDGE, lambda number, frame: None)
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        loop.watch(reader, lambda: _nudge_later(loop, reader.recv(4096)))
        try:
            yield
        finally:
            loop.unwatch(reader)
            signal.set_wakeup_fd(before)
            signal.signal(NUDGE, handler)


def _nudge_later(loop: LoopThread, numbers: bytes) -> None:
    if set(numbers) != {NUDGE}:
        for delay in DELAYS:
            loop.call(_nudge, delay)


def _nudge() -> None:
    if (thread := main_thread().ident) is not None:
        signal.pthread_kill(thread, NUDGE)
