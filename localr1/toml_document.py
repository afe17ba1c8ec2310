"""Changing a TOML file that a person wrote: everything else in it stays word for word."""

from __future__ import annotations

from pathlib import Path

import tomlkit

from localr1.errors import ConfigError
from localr1.toml_file import read_toml
from localr1.whole_file import write_whole


def read_document(file: Path) -> tomlkit.TOMLDocument:
    """The file with its comments and order; empty where there is none. Raises ConfigError as `read_toml`."""
    return tomlkit.parse(read_toml(file)[1] if file.exists() else "")


def write_document(file: Path, document: tomlkit.TOMLDocument) -> None:
    """Put it in the place of the file in one step; raises ConfigError where that is not possible.

    A link to a file elsewhere is followed, so that settings in a dotfiles repository stay there.
    """
    try:
        write_whole(file.resolve(), tomlkit.dumps(document).encode())
    except OSError as error:
        raise ConfigError(f"{file} can't be written: {error.strerror}.") from None
