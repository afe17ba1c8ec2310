"""Where an exported chat goes: a file of its own, never over another one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from itertools import chain, count
from pathlib import Path

from localr1.errors import UsageError
from localr1.paths import PRIVATE_FILE

LENGTH = 50
"""Characters of the longest name that is proposed, without its end."""


def written_path(text: str) -> Path:
    """The path that a user wrote, with a tilde for a home perhaps; raises UsageError for nobody's."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UsageError(f"{text} is in the home of nobody here.", hint="Choose another place.") from None


def proposed_file(title: str, directory: Path, suffix: str = ".md") -> Path:
    """A name made of the title's words that no file in the directory has yet."""
    words = re.findall(r"\w+", title.lower())
    name = "-".join(words)[:LENGTH].strip("-_") or "chat"
    numbered = (f"{name}-{number}{suffix}" for number in count(2))
    return next(
        path
        for path in (directory / each for each in chain((f"{name}{suffix}",), numbered))
        if not path.exists()
    )


def write_new_file(path: Path, text: str) -> None:
    """Write a file that only its owner may read; raises UsageError where there is one or none can be."""
    write_pieces(path, (text,))


def write_pieces(path: Path, pieces: Iterable[str]) -> None:
    """The same with a text that comes in pieces; where they break off, no file is left."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
                file.writelines(pieces)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise UsageError(f"{path} is there already.", hint="Choose another name.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path} can't be written: {reason}.", hint="Choose another place.") from error
