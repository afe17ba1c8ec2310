"""The values in a GGUF header, read in order and with limits: no file costs more than a second or 200 MB."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from localr1.errors import ModelFileError
from localr1.gguf.types import ARRAY, KINDS, SCALARS, STRING
from localr1.units import size_text

HEADER_LIMIT = 128 * 1024 * 1024
"""Bytes; the largest vocabularies in use make headers of about 20 MB."""
TEXT_LIMIT = 2 * 1024 * 1024
"""Texts in all arrays; the largest vocabularies in use have about 800,000, merges included."""
NAME_LIMIT = 256
"""Bytes; names in use have fewer than 64."""
KEPT_LIMIT = 1024 * 1024
"""Bytes of the longest text that is kept, and a sixteenth of all that is kept; the rest is counted."""
KEPT_ELEMENTS = 1024
"""Numbers in the longest array that is kept: enough for one a layer."""
NUMBER_COST = 32
"""Bytes that a number takes in memory."""
FETCH_AGAIN = "Fetch the model again."

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A text or an array of numbers too long to keep, or any array of texts."""

    kind: str
    """What it is made of: byte, string, integer, float or bool."""
    length: int


Scalar: TypeAlias = bool | int | float | str
Value: TypeAlias = Scalar | tuple[bool | int | float, ...] | Skipped


class HeaderReader:
    """Takes one value after the other from the beginning of a file; raises ModelFileError where it can't."""

    def __init__(self, file: BinaryIO, file_name: str) -> None:
        self._file = file
        self._texts_left = TEXT_LIMIT
        self._kept_left = 16 * KEPT_LIMIT
        self.file_name = file_name
        self.size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self.position = 0
        self._end = min(self.size, HEADER_LIMIT)

    def take(self, count: int) -> bytes:
        """The next bytes."""
        self._advance(count)
        data = self._file.read(count)
        if len(data) < count:
            raise self.incomplete()
        return data

    def number(self, letter: str) -> int:
        """The next integer, by its letter in `struct`."""
        return int(self._scalar(letter))

    def name(self) -> str:
        """The next name of a value or a tensor."""
        length = self.number("Q")
        if not 1 <= length <= NAME_LIMIT:
            raise self.damaged(f"it has a name of {length:,} bytes")
        return self.take(length).decode("utf-8", "replace")

    def value(self, kind: int) -> Value:
        """The next metadata value of a GGUF type."""
        if letter := SCALARS.get(kind):
            return self._scalar(letter)
        if kind == STRING:
            return self._text_value()
        if kind == ARRAY:
            return self._array(self.number("I"), self.number("Q"))
        raise self.damaged(f"it has a value of an unknown type, {kind}")

    def texts(self, count: int) -> Iterator[bytes]:
        """The next texts, one by one."""
        self._texts_left -= count
        if self._texts_left < 0:
            raise self.damaged(f"it claims to hold {count:,} texts")
        read, unpack = self._file.read, _LENGTH.unpack
        position = self.position
        for _ in range(count):
            head = read(8)
            if len(head) < 8:
                raise self.incomplete()
            (length,) = unpack(head)
            position += 8 + length
            if position > self._end:
                self._advance(position - self.position)
            data = read(length)
            if len(data) < length:
                raise self.incomplete()
            yield data
        self.position = position

    def incomplete(self) -> ModelFileError:
        """The error for a file that ends inside its header."""
        return ModelFileError(
            f"{self.file_name} is incomplete: it ends inside its header, after {size_text(self.size)}.",
            hint=FETCH_AGAIN,
        )

    def damaged(self, reason: str) -> ModelFileError:
        """The error for a header that no program would write."""
        return ModelFileError(f"{self.file_name} is damaged: {reason}.", hint=FETCH_AGAIN)

    def _advance(self, count: int) -> None:
        self.position += count
        if self.position > self._end:
            if self.position > HEADER_LIMIT:
                raise self.damaged(f"its header claims to be larger than {size_text(HEADER_LIMIT)}")
            raise self.incomplete()

    def _skip(self, count: int) -> None:
        self._advance(count)
        self._file.seek(self.position)

    def _keep(self, count: int) -> bool:
        if count > min(KEPT_LIMIT, self._kept_left):
            return False
        self._kept_left -= count
        return True

    def _scalar(self, letter: str) -> bool | int | float:
        value: bool | int | float = struct.unpack("<" + letter, self.take(struct.calcsize("<" + letter)))[0]
        return value

    def _text_value(self) -> str | Skipped:
        length = self.number("Q")
        if self._keep(length):
            return self.take(length).decode("utf-8", "replace")
        self._skip(length)
        return Skipped("byte", length)

    def _array(self, kind: int, count: int) -> Value:
        if kind == STRING:
            return Skipped("string", sum(1 for _ in self.texts(count)))
        if kind not in SCALARS:
            raise self.damaged(f"it has an array of an unknown type, {kind}")
        size = struct.calcsize("<" + SCALARS[kind])
        if count <= KEPT_ELEMENTS and self._keep(count * NUMBER_COST):
            return struct.unpack(f"<{count}{SCALARS[kind]}", self.take(count * size))
        self._skip(count * size)
        return Skipped(KINDS.get(kind, "integer"), count)
