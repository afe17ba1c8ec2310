"""The signals that end a command, and the exit code that each stands for."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from localr1.errors import StoppedError

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Let a signal raise StoppedError in the block, so that whatever it drew or began is taken back."""
    before = {number: signal.signal(number, _stop) for number in EXIT_CODES}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    raise StoppedError("Stopped.", exit_code=EXIT_CODES[signal.Signals(number)])
