"""The lists of conversations in an export archive, taken out of it piece by piece and never onto the disk."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from localr1.errors import UsageError

LARGEST = 8 * 2**30
"""Bytes of all that is taken out of an archive."""
DENSEST = 400
"""How many times larger than in the archive a file may be; text is ten times as large, at times fifty."""
_ALLOWED = 16 * 2**20
"""Bytes that any file may have, however densely it is packed."""
_PIECE = 256 * 1024
_NAME = re.compile(r"(?:.*/)?conversations(?:-\d+)?\.json", re.DOTALL)


def lists_of(file: BinaryIO) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Name and content of each list of conversations; raises UsageError for none, and for a trap."""
    with _refusing_bad_archives(), ZipFile(file) as archive:
        members = sorted(
            (each for each in archive.infolist() if _NAME.fullmatch(each.filename)),
            key=lambda each: each.filename,
        )
        if not members:
            raise UsageError(
                "There is no conversations.json in it.",
                hint="It should be the archive that ChatGPT or Claude sent you, as it came.",
            )
        if sum(each.file_size for each in members) > LARGEST:
            raise UsageError(f"It holds more than {LARGEST // 2**30} GiB.")
        for member in members:
            yield member.filename, _content(archive, member)


def _content(archive: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    limit = max(_ALLOWED, DENSEST * member.compress_size)
    taken = 0
    with _refusing_bad_archives(), archive.open(member) as file:
        while piece := file.read(_PIECE):
            taken += len(piece)
            if taken > limit:
                raise UsageError("It is packed so densely that it must be a trap.")
            yield piece


@contextmanager
def _refusing_bad_archives() -> Iterator[None]:
    try:
        yield
    except NotImplementedError:
        raise UsageError("It is packed in a way that localr1 does not know.") from None
    except RuntimeError:
        raise UsageError("It has a password.", hint="Unpack it first.") from None
    except (BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise UsageError(f"It is damaged ({error}).", hint="Download it once more.") from None
