"""Scripts that use a database in a process of their own, to be killed or starved of room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PRELUDE = """
import os, signal, sys
from pathlib import Path
from localr1.errors import DatabaseError
from localr1.message import FinishReason, Reply
from localr1.store.chats import Chats
from localr1.store.database import Database
from localr1.store.migrations import MIGRATIONS

path = Path(sys.argv[1])
"""


def start(script: str, path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script, path, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def run(*command: str | Path) -> str:
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def run_on_a_small_disk(script: str, directory: Path, *arguments: str) -> str:
    """Run a script whose database lies on a disk of 8 MiB that nobody else sees."""
    mount = 'mount -t tmpfs -o size=8m,mode=700 small "$1"'
    unshare = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
    if subprocess.run([*unshare, mount, "sh", directory], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a test mount a disk")
    command: tuple[str | Path, ...] = (
        sys.executable,
        "-c",
        PRELUDE + script,
        directory / "chats.db",
        *arguments,
    )
    return run(*unshare, mount + ' && shift && exec "$@"', "sh", directory, *command)


def files_with(marker: str, directory: Path) -> set[str]:
    files = (file for file in directory.rglob("*") if file.is_file())
    return {file.name for file in files if marker.encode() in file.read_bytes()}
