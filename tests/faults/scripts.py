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

_KILL_AT_EVERY_STEP = """
from itertools import count
from shutil import copytree

STEPS = (
    "open", "os.rename", "os.link", "os.remove", "os.chmod",
    "shutil.copyfile", "sqlite3.connect", "tempfile.mkstemp", "fcntl.flock",
)

def die_at(step):
    steps = count()
    def audit(event, arguments):
        if event in STEPS and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(audit)

for step in count():
    directory = path.parent.with_name(f"killed {step}")
    copytree(path.parent, directory)
    child = os.fork()
    if not child:
        die_at(step)
        act(directory / path.name)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
print(step)
"""


def killed_at_every_step(script: str, path: Path, *arguments: str) -> list[Path]:
    """Copies of a database, on each of which the script's `act` was killed one step later."""
    steps = int(run(sys.executable, "-c", PRELUDE + script + _KILL_AT_EVERY_STEP, path, *arguments))
    return [path.parent.with_name(f"killed {step}") / path.name for step in range(steps)]


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


def run_on_a_small_disk(script: str, directory: Path, *arguments: str, files: int = 0) -> str:
    """Run a script whose database lies on a disk of 8 MiB that nobody else sees, perhaps for few `files`."""
    mount = f'mount -t tmpfs -o size=8m,mode=700,nr_inodes={files} small "$1"'
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
