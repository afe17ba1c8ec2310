"""A paste that is files dragged into the terminal: quoted, escaped or as addresses, one or several."""

from __future__ import annotations

import shlex
from pathlib import Path
from urllib.parse import unquote, urlsplit

from localr1.regular_file import is_regular

LONGEST = 8192
"""Characters; a paste that is longer is no list of files."""


def dropped_files(paste: str) -> list[Path]:
    """The files that a terminal pasted in place of what was dragged there; none where it is any other text.

    Terminals write whole paths, so that a word or a relative path is always text. Looks at the disk.
    """
    text = paste.strip().replace("\0", "")
    if not text or len(text) > LONGEST or text[0] not in "/'\"\\f":
        return []
    for spelled in ([text], text.splitlines(), _shell_words(text)):
        paths = [_path(word) for word in spelled]
        if paths and all(path is not None and is_regular(path) for path in paths):
            return [path for path in paths if path]
    return []


def _shell_words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a quote that is not closed
        return []


def _path(word: str) -> Path | None:
    """The absolute path that a word spells; None where it spells none."""
    word = word.strip()
    if word.startswith("file://"):
        address = urlsplit(word)
        word = unquote(address.path) if address.netloc in ("", "localhost") else ""
    return Path(word) if word.startswith("/") else None
