"""Bytes that come in blocks, cut into the lines of a text (pure)."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from localr1.errors import UsageError
from localr1.text_file import find_mark, looks_binary

LIMIT = 16 * 1024 * 1024
"""Bytes of the longest line; no context that a laptop can hold has room for more."""


class Lines:
    """Gives each line as UTF-8 without its end, as soon as that has come; blank ones too, as they count."""

    def __init__(self, name: str) -> None:
        """`name` is what an error calls the text."""
        self._name = name
        self._head: bytes | None = b""
        """What has come while that is too little to tell the encoding; None afterwards."""
        self._decoder: codecs.IncrementalDecoder | None = None
        """None for UTF-8, which stays as it is."""
        self._line = bytearray()
        """What has come of the last line."""

    def feed(self, block: bytes) -> Iterator[bytes]:
        """The lines that end here, no bytes being the end; of one that is too long, a byte more than may be.

        Raises UsageError where the beginning is not that of a text.
        """
        first, *others = self._text(block).split(b"\n")
        self._extend(first)
        for each in others:
            yield bytes(self._line)
            self._line.clear()
            self._extend(each)
        if not block:
            yield bytes(self._line)

    def _extend(self, part: bytes) -> None:
        self._line += part[: LIMIT + 1 - len(self._line)]

    def _text(self, block: bytes) -> bytes:
        """In UTF-8; nothing while its encoding is not known."""
        last = not block
        if self._head is not None:
            self._head += block
            if len(self._head) < len(codecs.BOM_UTF8) and not last:
                return b""
            block, self._head = self._begin(self._head), None
        return self._decoder.decode(block, last).encode() if self._decoder else block

    def _begin(self, head: bytes) -> bytes:
        """What follows the mark that tells the encoding."""
        mark, encoding = find_mark(head)
        if not mark and looks_binary(head):
            raise UsageError(f"{self._name} is not text.", hint="Each line is a prompt in JSON.")
        if encoding != "UTF-8":
            self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        return head[len(mark) :]
