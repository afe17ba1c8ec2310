"""Bytes that should be text: what they say, in the encodings that text files have."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from localr1.errors import UsageError
from localr1.regular_file import open_regular

SIZE_LIMIT = 16 * 1024 * 1024
"""Bytes of a file; no context that a laptop can hold has room for more."""
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16-LE"),
    (codecs.BOM_UTF16_BE, "UTF-16-BE"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """What a file says, lines ended by newlines alone, and the encoding that it was written in."""

    text: str
    encoding: str = "UTF-8"


def read_text_file(path: Path) -> TextFile:
    """The text of a file; what is not UTF-8 is taken for Latin-1. Raises UsageError for what is no text."""
    with open_regular(path, UsageError) as file:
        try:
            data = file.read(SIZE_LIMIT + 1)
        except OSError as error:
            raise UsageError(f"{path} can't be read: {error.strerror}.") from None
    if len(data) > SIZE_LIMIT:
        raise UsageError(f"{path} is larger than {SIZE_LIMIT // 2**20} MiB.", hint="Take a part of it.")
    if marked := decode_marked(data):
        return marked
    if looks_binary(data):
        raise UsageError(f"{path} is not text.", hint="A model reads text: convert the file first.")
    try:
        return TextFile(with_newlines(data.decode()))
    except UnicodeDecodeError:
        return TextFile(with_newlines(data.decode("latin-1")), "Latin-1")


def decode_marked(data: bytes) -> TextFile | None:
    """The text behind a byte order mark, bad bytes as U+FFFD; None where there is no mark."""
    mark, encoding = find_mark(data)
    return TextFile(with_newlines(data[len(mark) :].decode(encoding, "replace")), encoding) if mark else None


def find_mark(data: bytes) -> tuple[bytes, str]:
    """The byte order mark that comes first, and the encoding; without one it is taken for UTF-8."""
    return next((each for each in _MARKS if data.startswith(each[0])), (b"", "UTF-8"))


def looks_binary(data: bytes) -> bool:
    """Whether there are NULs, or many control characters besides white space and ESC in the first bytes."""
    head = data[:4096]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return b"\0" in data or controls > len(head) / 10


def with_newlines(text: str) -> str:
    """The text with the line ends of Windows made newlines."""
    return text.replace("\r\n", "\n")
