"""Writing a small file whole: whoever reads it sees the old one or the new one, and never a part."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from localr1.paths import make_private_directory


def write_whole(path: Path, data: bytes) -> None:
    """Put the bytes in the place of the file in one step; its rights stay, a new one is private.

    Raises OSError, with the old file untouched.
    """
    make_private_directory(path.parent)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            written.chmod(path.stat().st_mode & 0o777)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
