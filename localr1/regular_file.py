"""Opening a path that may be anything: what is no regular file is refused at once, and never waited for."""

from __future__ import annotations

import errno
import stat
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from localr1.errors import LocalR1Error

BUFFER = 64 * 1024
"""Bytes."""
FileMark: TypeAlias = tuple[int, ...]
"""Device, inode, size, time of the last change."""

_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def open_regular(path: Path, refuse: type[LocalR1Error], *, pipes: bool = False) -> BinaryIO:
    """The file, open for reading; raises `refuse` with a sentence that says what the path is instead.

    So does reading it, where the disk fails. Named `pipes` may be allowed, and are waited for then.
    """
    if not (pipes and _is_pipe(path)):
        require_regular(path, refuse)
    try:
        return BufferedReader(_File(path, refuse), BUFFER)
    except OSError as error:
        raise _refusal(path, error, refuse) from None


class _File(FileIO):
    """Raises `refuse` for what the system can't read."""

    def __init__(self, path: Path, refuse: type[LocalR1Error]) -> None:
        super().__init__(path)
        self._path = path
        self._refuse = refuse

    def readinto(self, buffer: Any, /) -> int:
        try:
            return super().readinto(buffer) or 0
        except OSError as error:
            raise _refusal(self._path, error, self._refuse) from None

    def seek(self, offset: int, whence: int = 0, /) -> int:
        try:
            return super().seek(offset, whence)
        except OSError as error:
            raise _refusal(self._path, error, self._refuse) from None


def require_regular(path: Path, refuse: type[LocalR1Error]) -> None:
    """Raises as `open_regular` does, without opening the file."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _refusal(path, error, refuse) from None
    except ValueError:
        raise refuse(f"{path} can't be the name of a file.") from None
    if kind := _KINDS.get(stat.S_IFMT(mode)):
        raise refuse(f"{path} is {kind}, not a file.")


def file_mark(path: Path) -> FileMark:
    """What is another where another file has come in its place, or it was written to; empty for none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def is_regular(path: Path) -> bool:
    """Whether it is a file, or a link to one; false for whatever can't be looked at."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def is_directory(path: Path) -> bool:
    """Whether it is a directory, or a link to one; false for whatever can't be looked at."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def is_there(path: Path) -> bool:
    """Whether there is anything of that name; what can't be looked at counts, and a dangling link too."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True


def is_free(path: Path) -> bool:
    """Whether there is no file yet to which the name leads; false for what can't be looked at."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _is_pipe(path: Path) -> bool:
    try:
        return stat.S_ISFIFO(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def _refusal(path: Path, error: OSError, refuse: type[LocalR1Error]) -> LocalR1Error:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return refuse(f"There is no file {path}.")
        case errno.ELOOP:
            return refuse(f"{path} is a link that leads back to itself.")
        case errno.ENAMETOOLONG:
            return refuse(f"{str(path)[:60]}… is too long to be the name of a file.")
        case errno.EACCES | errno.EPERM:
            return refuse(f"{path} may not be read by you.", hint="Check its owner and rights.")
        case _:
            return refuse(f"{path} can't be read: {error.strerror}.")
