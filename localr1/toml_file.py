"""Reading a TOML file that a person wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from localr1.errors import ConfigError
from localr1.regular_file import open_regular

SIZE_LIMIT = 1024 * 1024
"""Bytes of the largest file that is read."""


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """The tables in a file, and its text; raises ConfigError with file, line and column."""
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
    return tables, text


def _place(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column of a byte, both counted from 1."""
    before = data[:offset]
    return before.count(b"\n") + 1, offset - before.rfind(b"\n")
