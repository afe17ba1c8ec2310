"""The command line that starts a worker."""

from __future__ import annotations

import site
import sys
from pathlib import Path


def worker_command(log: Path, user_site: str | None = None) -> list[str]:
    """The worker in Python's isolated mode, with the directories that it searches after everything else.

    Isolated mode leaves out the current directory, PYTHONPATH and what was installed for this user only; the
    last is given back at the end, together with the directory of this package (`pip install --target`).
    """
    package = Path(__file__).resolve().parents[1]
    start = package / "engine" / "worker" / "__main__.py"
    searched = [package.parent, user_site or _user_site()]
    return [
        sys.executable,
        "-I",
        str(start),
        str(log),
        *(str(directory) for directory in searched if directory),
    ]


def _user_site() -> str:
    return site.getusersitepackages() if site.ENABLE_USER_SITE else ""
