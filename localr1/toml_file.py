"""Reading a TOML file that a person wrote."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from localr1.errors import ConfigError
from localr1.regular_file import open_regular

SIZE_LIMIT = 1024 * 1024
"""Bytes of the largest file that is read."""

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
_FIELD = re.compile(r"""\s*([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*=""")


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """The tables in a file, and its text; raises ConfigError with file, line and column."""
    _require_own(path)
    with open_regular(path, ConfigError) as file:
        data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise ConfigError(f"{path} is larger than 1 MiB.", hint="Is it the right file?")
    try:
        text = data.decode("utf-8-sig")
        tables: dict[str, Any] = msgspec.toml.decode(text)
    except UnicodeDecodeError as error:
        line, column = _place(data, error.start)
        raise ConfigError(f"{path}, line {line}, column {column}: this is not UTF-8.") from None
    except RecursionError:
        raise ConfigError(f"{path} is nested too deeply.") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from None
    for keys, number in _whole_numbers(tables):
        if not -(2**63) <= number < 2**63:
            line = line_of(text, keys)
            raise ConfigError(f"{path}, line {line}: {keys[-1]} is a number of more than 64 bits.")
    return tables, text


def _whole_numbers(
    value: object, keys: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Every whole number with where it stands; TOML leaves it to its readers how large one may be."""
    match value:
        case int():
            yield keys, value
        case dict():
            for key, inner in value.items():
                yield from _whole_numbers(inner, (*keys, key))
        case list():
            for index, inner in enumerate(value):
                yield from _whole_numbers(inner, (*keys, index))


def _place(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column of a byte, both counted from 1."""
    before = data[:offset]
    return before.count(b"\n") + 1, offset - before.rfind(b"\n")


def line_of(text: str, place: Sequence[str | int]) -> int:
    """The line where a key, such as ("model", 2, "files", "Q8_0"), begins, or what it lies in; 0 for neither.

    Keys within values that are written in one line are found at that line; dotted keys are not told apart.
    """
    lines: dict[tuple[str | int, ...], int] = {}
    for found, number in _keys(text):
        for end in range(1, len(found) + 1):
            lines.setdefault(found[:end], number)
    inwards = (lines[tuple(place[:end])] for end in range(len(place), 0, -1) if tuple(place[:end]) in lines)
    return next(inwards, 0)


def _keys(text: str) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Every table and field with its line; tables of an array are counted from 0."""
    counts: dict[str, int] = {}
    table: tuple[str | int, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            first, *rest = (key.strip(" \t\"'") for key in header[2].split("."))
            if header[1] == "[[" and not rest:
                counts[first] = counts.get(first, -1) + 1
            table = (first, counts[first], *rest) if first in counts else (first, *rest)
            yield table, number
        elif field := _FIELD.match(line):
            yield (*table, field[1].strip("\"'")), number


def _require_own(path: Path) -> None:
    """A link that somebody else put there may lead to whatever they want to have read."""
    try:
        status = path.lstat()
    except (OSError, ValueError):
        return
    if stat.S_ISLNK(status.st_mode) and status.st_uid not in (0, os.geteuid()):
        raise ConfigError(f"{path} is a link that belongs to another user.", hint="Remove it.")
