"""What a server claims becomes a part of paths and addresses; each kind of claim is checked by one rule."""

from __future__ import annotations

import re
import unicodedata

from localr1.errors import DownloadError
from localr1.safe_text import safe_line

SUFFIX = ".gguf"
SIZE_LIMIT = 10**12
"""Bytes; the largest models in use have fewer."""
NAME_LIMIT = 200
"""Bytes of UTF-8: file systems take 255, and the name of an unfinished download is longer."""
PATH_LIMIT = 400
SAID_LIMIT = 200
"""Characters."""

_REPO = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_SEGMENT = re.compile(r"\w(?:[\w.,+()=@ -]*[\w+)=-])?")
_REVISION = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_DIGITS = re.compile(r"[0-9]{1,15}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_repo(text: str) -> bool:
    """Whether it is `owner/name`."""
    return bool(_REPO.fullmatch(text)) and ".." not in text


def is_revision(text: str) -> bool:
    """Whether it is a branch, a tag or a commit."""
    return len(text) <= NAME_LIMIT and bool(_REVISION.fullmatch(text)) and ".." not in text


def is_model_path(text: str) -> bool:
    """Whether it is a path to a GGUF file that means the same on every system, in whatever script."""
    *_, name = segments = text.split("/")
    return (
        len(text) <= PATH_LIMIT
        and name.lower().endswith(SUFFIX)
        and all(_SEGMENT.fullmatch(segment) for segment in segments)
        and len(name.encode()) <= NAME_LIMIT
        and unicodedata.is_normalized("NFC", text)
    )


def checked_path(text: str) -> str:
    """The path; raises DownloadError for one that could lead elsewhere."""
    if not is_model_path(text):
        raise DownloadError(f"The hub names a file {said(text)!r}, which is no plain name of a GGUF file.")
    return text


def checked_repo(text: str) -> str:
    """The name; raises DownloadError for one that could lead elsewhere."""
    if not is_repo(text):
        raise DownloadError(f"The hub names a repository {said(text)!r}, which is no plain owner/name.")
    return text


def checked_commit(text: str) -> str:
    """The commit; raises DownloadError for what is none."""
    if not _COMMIT.fullmatch(text):
        raise DownloadError(f"The hub states {said(text)!r} as the commit, which is none.")
    return text


def checked_sha256(text: str) -> str:
    """The hash of an ETag or a list of files; raises DownloadError for what is none."""
    sha256 = text.removeprefix("W/").strip('"').lower()
    if not _SHA256.fullmatch(sha256):
        raise DownloadError(f"The hub states {said(text)!r} as the file's sha256, which is none.")
    return sha256


def checked_size(value: int | str) -> int:
    """Bytes; raises DownloadError for a size that no model has."""
    size = int(value) if isinstance(value, int) or _DIGITS.fullmatch(value) else 0
    if not 0 < size < SIZE_LIMIT:
        raise DownloadError(f"The hub states {said(str(value))!r} as the file's size, which no model has.")
    return size


def said(text: str) -> str:
    """Words of a server, such as may stand in a sentence of ours: one line, without controls, not long."""
    line = safe_line(text)
    return line if len(line) <= SAID_LIMIT else f"{line[:SAID_LIMIT]}…"
