"""The objects of a long JSON list, one after the other, so that never more than one is in memory (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from localr1.errors import UsageError

LONGEST = 128 * 2**20
"""Bytes of one object, which is one chat."""

_STOP = re.compile(rb'["{}\[\]]')
_IN_STRING = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_BLANK = b" \t\r\n,\xef\xbb\xbf"


def elements(pieces: Iterable[bytes], longest: int = LONGEST) -> Iterator[bytes]:
    """The objects of a list, or those that stand one after the other without one.

    Raises UsageError for what is neither, for a text that breaks off, and for an object that is too long.
    """
    scan = _Scan(longest)
    for piece in pieces:
        yield from scan.feed(piece)
    scan.finish()


class _Scan:
    """Knows how deep in the text it is, and whether in a string."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._depth = 0
        self._base = 0
        """How deep the objects lie: 1 in a list."""
        self._in_string = False
        self._held = b""
        """A backslash at the end of a piece."""
        self._kept = bytearray()
        """The object that is under way."""

    @property
    def _outside(self) -> bool:
        return self._depth == self._base

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The objects that end in this piece."""
        data, self._held = self._held + piece, b""
        at = begin = 0
        while at < len(data):
            if self._in_string:
                at = self._pass_string(data, at)
                continue
            stop = _STOP.search(data, at)
            end = stop.start() if stop else len(data)
            if self._outside and (data[at:end].strip(_BLANK) or (stop and stop[0] == b'"')):
                raise _no_list()
            at = end + 1
            begin = end if self._outside else begin
            if stop and self._pass(stop[0]):
                yield self._take(data[begin:at])
        if not self._outside:
            self._keep(data[begin : len(data) - len(self._held)])

    def finish(self) -> None:
        """Nothing more comes."""
        if self._depth:
            raise UsageError("It breaks off in the middle.", hint="Export or download it once more.")

    def _pass_string(self, data: bytes, at: int) -> int:
        """Go to the end of a string, or of what there is of it."""
        found = _IN_STRING.match(data, at)
        end = found.end() if found else at
        if end < len(data) and data[end : end + 1] == b"\\":
            self._held = data[end:]
            return len(data)
        self._in_string = end == len(data)
        return end + 1

    def _pass(self, mark: bytes) -> bool:
        """Go past a quotation mark or a bracket; whether an object ends there."""
        match mark:
            case b'"':
                self._in_string = True
            case b"{" | b"[":
                self._base += mark == b"[" and self._depth == 0
                self._depth += 1
            case _:
                self._depth -= 1
                if self._depth < 0:
                    raise _no_list()
                ends = self._outside
                self._base = min(self._base, self._depth)
                return ends
        return False

    def _keep(self, data: bytes) -> None:
        self._kept += data
        if len(self._kept) > self._longest:
            raise UsageError(f"A chat in it is longer than {self._longest // 2**20} MiB.")

    def _take(self, data: bytes) -> bytes:
        self._keep(data)
        element = bytes(self._kept)
        self._kept.clear()
        return element


def _no_list() -> UsageError:
    return UsageError("It is no list of chats in JSON.")
