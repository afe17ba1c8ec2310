"""The real program on a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

WAIT_SECONDS = 30.0
SIZE = (24, 80)
"""Rows, columns."""
TERM = "xterm-256color"
FAR_AWAY = {
    **dict.fromkeys(("WAYLAND_DISPLAY", "DISPLAY", "WSL_DISTRO_NAME", "TMUX"), ""),
    "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22",
}
"""What keeps a test away from the developer's clipboard."""


class Terminal:
    """One run of localr1: what it has drawn, and what the user types."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self.drawn = b""
        self._master = master
        self._found = 0
        self.attributes = termios.tcgetattr(master)
        """The terminal's settings before the program changed them."""

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def wait_for(self, text: str) -> None:
        """Read until this has been drawn since the last wait."""
        start = len(self.drawn)
        deadline = time.monotonic() + WAIT_SECONDS
        while text.encode() not in self.drawn[start:]:
            assert time.monotonic() < deadline, f"never drawn: {text}"
            self.read()

    def wait_for_next(self, text: str) -> None:
        """Read until this has been drawn behind what was waited for last in this way."""
        deadline = time.monotonic() + WAIT_SECONDS
        while (at := self.drawn.find(text.encode(), self._found)) < 0:
            assert time.monotonic() < deadline, f"never drawn: {text}"
            self.read()
        self._found = at + len(text.encode())

    def wait_for_end(self) -> int:
        """Read until the program has ended; its exit code."""
        deadline = time.monotonic() + WAIT_SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it never ended"
            self.read()
        self.read()
        return self.process.returncode

    def wait_for_state(self, state: str) -> None:
        """Read until the system says this of the process."""
        deadline = time.monotonic() + WAIT_SECONDS
        while psutil.Process(self.process.pid).status() != state:
            assert time.monotonic() < deadline, f"never {state}"
            self.read()

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def resize(self, rows: int, columns: int) -> None:
        """Change the terminal's size, and let the program know."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.signal(signal.SIGWINCH)

    def hang_up(self) -> None:
        """Close the terminal; this program is not told by a signal, as the terminal does not control it."""
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), self._master)

    def settings(self) -> list[object]:
        """The terminal's settings now."""
        return termios.tcgetattr(self._master)

    def read(self) -> None:
        """Take what has been drawn; wait a moment where there is nothing."""
        readable, _, _ = select.select([self._master], [], [], 0.05)
        if readable:
            self.drawn += os.read(self._master, 65536)


@contextmanager
def localr1(
    home: Path,
    *arguments: str,
    program: str = "",
    pipe: str = "",
    editor: str = "",
    term: str = TERM,
    **settings: str,
) -> Iterator[Terminal]:
    """Run localr1 on a terminal of its own, one stream perhaps in a pipe; it is killed at the end.

    `program` runs in its place; `editor` is the user's, `term` their TERM; `settings` become variables.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    stdin, stdout, stderr = (
        subprocess.PIPE if name == pipe else slave for name in ("stdin", "stdout", "stderr")
    )
    variables = {f"LOCALR1_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, *(["-c", program] if program else ["-m", "localr1"]), *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env={
            **os.environ,
            **FAR_AWAY,
            "LOCALR1_HOME": str(home),
            "TERM": term,
            "VISUAL": editor,
            **variables,
        },
        start_new_session=True,
    )
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(slave)
        os.close(master)
