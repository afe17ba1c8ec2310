"""Writing one setting into config.toml, with everything that a person wrote there kept."""

from __future__ import annotations

from pathlib import Path

import tomlkit

from localr1.config import load_config
from localr1.errors import ConfigError
from localr1.toml_file import read_toml
from localr1.whole_file import write_whole


def set_setting(file: Path, name: str, value: str | int | float | bool) -> None:
    """Set it, comments and order kept; raises ConfigError, the file untouched, for what can't be used.

    A link to a file elsewhere is followed, so that settings kept in a dotfiles repository stay there.
    """
    load_config(file, environ={}, overrides={name: value})
    text = read_toml(file)[1] if file.exists() else ""
    document = tomlkit.parse(text)
    document[name] = value
    try:
        write_whole(file.resolve(), tomlkit.dumps(document).encode())
    except OSError as error:
        raise ConfigError(f"{file} can't be written: {error.strerror}.") from None
