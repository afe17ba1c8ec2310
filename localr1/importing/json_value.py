"""JSON of other programs as typed values, whatever is wrong with it (pure)."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from localr1.errors import UsageError

T = TypeVar("T")

LONGEST_REASON = 160
"""Characters of what the parser says, which may quote the file."""

_ESCAPES = re.compile(
    rb"\\(?:(?P<pair>u[dD][89abAB]..\\u[dD][c-fC-F]..)|(?P<half>u[dD][89a-fA-F]..)|.)", re.DOTALL
)


def read_value(raw: bytes, type_: type[T]) -> T:
    """The value; half a surrogate pair and bytes that are no UTF-8 are U+FFFD. Raises UsageError."""
    try:
        try:
            return msgspec.json.decode(raw, type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return msgspec.json.decode(_mended(raw), type=type_)
    except msgspec.MsgspecError as error:
        raise UsageError(f"{str(error)[:LONGEST_REASON]}.") from None
    except RecursionError:
        raise UsageError("It is nested too deeply.") from None


def _mended(raw: bytes) -> bytes:
    """The same text without what only careless programs write."""
    valid = raw.decode("utf-8", "replace").encode()
    return _ESCAPES.sub(lambda found: b"\\ufffd" if found["half"] else found[0], valid)
