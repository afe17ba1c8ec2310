"""A line that the user types on the terminal without seeing it, whatever the standard streams are."""

from __future__ import annotations

import os
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from localr1.cli.signals import stopping_on_signals
from localr1.errors import LockedError

_TERMINAL = "/dev/tty"
_LINE_LIMIT = 4095
"""Bytes of a line that a terminal hands over; it drops the rest without a word."""


def read_hidden_line(question: str) -> str:
    """What the user answers; raises LockedError where there is nobody to ask, or no answer."""
    try:
        terminal = os.open(_TERMINAL, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        raise LockedError(
            "The chats are encrypted, and there is no terminal to ask for their passphrase.",
            hint="Give it with --key-file FILE, --key-fd N or LOCALR1_KEY_FILE.",
        ) from None
    try:
        with stopping_on_signals(), _without_echo(terminal):
            os.write(terminal, question.encode())
            try:
                return _read_line(terminal)
            finally:
                os.write(terminal, b"\n")
    finally:
        os.close(terminal)


@contextmanager
def _without_echo(terminal: int) -> Iterator[None]:
    before = termios.tcgetattr(terminal)
    hidden = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
    termios.tcsetattr(terminal, termios.TCSAFLUSH, hidden)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)


def _read_line(terminal: int) -> str:
    line = b""
    while not line.endswith(b"\n"):
        read = os.read(terminal, _LINE_LIMIT + 1)
        if not read:
            raise LockedError("No passphrase was given.", hint="Nothing was changed.")
        line += read
    if len(line) > _LINE_LIMIT:
        raise LockedError(
            f"A terminal takes lines of at most {_LINE_LIMIT:,} bytes.",
            hint="Write a longer passphrase into a file, and give that with --key-file.",
        )
    return line[:-1].decode("utf-8", "surrogateescape")
