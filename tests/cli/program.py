"""The real program, run as a script would run it."""

from __future__ import annotations

import os
import subprocess
import sys
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


def text(data: bytes) -> str:
    return data.decode("utf-8")
