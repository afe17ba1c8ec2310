"""Which files a program and all its children write, as strace sees their system calls."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TIMEOUT = 60
MARK = "/the-next-part-begins-here"
"""A script looks for this file where what it writes from then on counts, and again where it ends."""
_WRITES = re.compile(r"^\d+\s+(?:p?writev?(?:64)?|ftruncate|fallocate)\(\d+<(?P<path>/[^>]*)>")
_OPENS = re.compile(r'^\d+\s+(?:open|openat|creat)\([^"]*"(?P<path>[^"]*)", [^)]*O_(?:WRONLY|RDWR|CREAT)')
_CHANGES = re.compile(
    r'^\d+\s+(?:mkdir|rename|link|symlink|unlink|rmdir|truncate|chmod|mknod)\w*\([^"]*"(?P<path>[^"]*)"'
)
_CALLS = "%file,write,writev,pwrite64,pwritev,ftruncate,fallocate"
_DEVICES = re.compile(r"/dev/(null|tty|pts/\d+)")


def files_written(log: Path, *command: str) -> tuple[subprocess.CompletedProcess[bytes], set[str]]:
    """Run a command; the paths that were written, made, renamed or removed.

    Where the command sets marks, only what comes between two of them counts.
    Skips the test where no program may look at another one.
    """
    strace = ("strace", "-f", "-y", "-qq", "-s", "200", "-e", f"trace={_CALLS}", "-o", str(log))
    if not shutil.which("strace") or subprocess.run([*strace, "true"], check=False).returncode:
        pytest.skip("strace is not here, or may not look at other programs")
    done = subprocess.run(
        [*strace, sys.executable, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    return done, set(_written(log.read_text("utf-8", "replace")))


def _written(calls: str) -> Iterator[str]:
    parts = calls.split(f'"{MARK}"')
    for line in (parts[1] if len(parts) > 1 else calls).splitlines():
        for pattern in (_WRITES, _OPENS, _CHANGES):
            if (found := pattern.match(line)) and not _DEVICES.fullmatch(found["path"]):
                yield found["path"]
