"""Making ready for what has to be fetched again of a model that was verified."""

from __future__ import annotations

from localr1.errors import ModelFileError
from localr1.library.part_files import part_path
from localr1.library.verify import Verified
from localr1.regular_file import is_there


def keep_beginnings(verified: Verified) -> None:
    """Make files that are only cut short unfinished downloads, so that a pull goes on where they end.

    Other files that are wrong stay until a pull replaces them. Raises ModelFileError where it can't be done.
    """
    for file in verified.bad:
        part = part_path(file.path, file.expected)
        if file.cut_short and file.expected and file.path.lstat().st_nlink == 1 and not is_there(part):
            try:
                file.path.rename(part)
            except OSError as error:
                raise ModelFileError(f"{file.path} can't be renamed: {error.strerror}.") from None
