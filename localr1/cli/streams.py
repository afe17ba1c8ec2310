"""The three standard streams, also where some are closed, or can't say every character."""

from __future__ import annotations

import io
import os
import sys

_CLOSED = ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY))
"""In the place of a closed stream: what is read is empty, output fails, and errors are nobody's to read."""


def fill_closed_streams() -> None:
    """Let no file that is opened later take the number of a closed stream."""
    for descriptor, mode in _CLOSED:
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8")


def replace_unwritable() -> None:
    """Print a question mark for what the encoding of the locale has no code for."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def forget_stdout() -> None:
    """Nobody reads standard output any more: keep Python from trying to flush it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
