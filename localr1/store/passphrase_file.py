"""A passphrase in a file that only its owner may read."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO

from localr1.errors import LockedError
from localr1.regular_file import open_regular

_SIZE_LIMIT = 64 * 1024
"""Bytes of a passphrase."""


def read_passphrase_file(file: Path) -> str:
    """The passphrase in a file, without the end of its line; raises LockedError where others may read it."""
    with open_regular(_expanded(file), LockedError) as opened:
        mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
        if mode & 0o077:
            raise LockedError(
                f"{file} holds a passphrase, and others than you may use it (rights {mode:03o}).",
                hint=f"chmod 600 {file}",
            )
        return read_passphrase(opened, str(file))


def read_passphrase(opened: IO[bytes], source: str) -> str:
    """The passphrase in what is open; raises LockedError for more than one can be."""
    data = opened.read(_SIZE_LIMIT + 1)
    if len(data) > _SIZE_LIMIT:
        raise LockedError(f"{source} holds more than {_SIZE_LIMIT:,} bytes; that is no passphrase.")
    line = data.removesuffix(b"\n").removesuffix(b"\r")
    return line.decode("utf-8", "surrogateescape")


def _expanded(file: Path) -> Path:
    """The file with its home directory written out."""
    try:
        return file.expanduser()
    except RuntimeError:
        raise LockedError(
            f"{file} is in a home directory that does not exist.", hint="Write the whole path."
        ) from None
