"""What a disk refuses, in words."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localr1.errors import DownloadError
from localr1.library.part_files import RESERVE
from localr1.regular_file import is_there
from localr1.units import size_text

GOES_ON = "What has come is kept; the same command goes on from there."

_RIGHTS = ("{directory} may not be written by you.", "Check its owner and rights.")
_IN_THE_WAY = (
    "{path} can't be used: {reason}.",
    "Something else is in its place or above it, perhaps a link that leads nowhere: move it away.",
)
_RIGHTS_OF_A_FILE = ("{path} may not be written by you.", "Is it somebody else's? Remove it and try again.")
_WORDS = {
    errno.ENOSPC: ("The disk is full: {directory} takes no more.", f"Free some space. {GOES_ON}"),
    errno.EDQUOT: ("Your quota is used up: {directory} takes no more.", f"Free some space. {GOES_ON}"),
    errno.EFBIG: (
        "{directory} does not take a file as large as {name}.",
        "Its file system or a limit (ulimit -f) is in the way; choose a smaller quant or another place.",
    ),
    errno.EROFS: ("{directory} is read-only.", "LOCALR1_HOME names another place for models and chats."),
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.ENOENT: ("{path} can't be used: {reason}.", "It was taken away meanwhile: try again."),
    errno.EISDIR: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOLCK: ("{directory} is where files can't be locked.", "LOCALR1_HOME names another place."),
    errno.ELOOP: ("{path} is a link, and a download follows none.", "Remove it and try again."),
}
"""What it says, and what to do."""


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Raise a DownloadError about the file at `path` for every OSError of the block."""
    try:
        yield
    except OSError as error:
        raise _refusal(path, error) from error


def require_space(directory: Path, needed: int) -> None:
    """Raises DownloadError unless so many bytes, and a reserve, are free where the directory lies."""
    with disk_errors(directory):
        free = shutil.disk_usage(directory).free
    wanted = needed + RESERVE if needed else 0
    if wanted > free:
        raise DownloadError(
            f"The download needs {size_text(wanted)}, and {size_text(free)} are free in {directory}.",
            hint=f"Free {size_text(wanted - free)} there, or choose a smaller quant.",
        )


def _refusal(path: Path, error: OSError) -> DownloadError:
    message, hint = _WORDS.get(error.errno or 0, ("{path} can't be used: {reason}.", GOES_ON))
    if (message, hint) == _RIGHTS and is_there(path) and os.access(path.parent, os.W_OK, effective_ids=True):
        message, hint = _RIGHTS_OF_A_FILE
    return DownloadError(
        message.format(path=path, directory=path.parent, name=path.name, reason=error.strerror), hint=hint
    )
