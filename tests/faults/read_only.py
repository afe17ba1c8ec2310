"""A directory in which nothing can be written, whoever runs the tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def read_only(directory: Path) -> Iterator[None]:
    """Nothing can be written into a directory during the block; the superuser needs a mount for that."""
    if os.geteuid():
        directory.chmod(0o500)
        yield
        directory.chmod(0o700)
        return
    bound = subprocess.run(["mount", "--bind", directory, directory], capture_output=True, check=False)
    if bound.returncode:
        pytest.skip("this machine does not let a test mount a disk")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", directory], check=True)
        yield
    finally:
        subprocess.run(["umount", directory], check=True)
