"""The real program, run as a script would run it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

TIMEOUT = 60
COMMAND = (sys.executable, "-m", "localr1")


def localr1(
    *arguments: str, stdin: bytes | None = b"", cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run localr1 to its end, in pipes."""
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        timeout=TIMEOUT,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        check=False,
    )


@contextmanager
def started(
    *arguments: str, stdin: int = subprocess.PIPE, by: Sequence[str] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """localr1 beside the test, in pipes and a session of its own; what is left of it is killed.

    `by` is the command of another program that runs it.
    """
    with subprocess.Popen(
        [*by, *COMMAND, *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def text(data: bytes) -> str:
    return data.decode("utf-8")
