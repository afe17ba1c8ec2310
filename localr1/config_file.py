"""Writing one setting into config.toml, with everything that a person wrote there kept."""

from __future__ import annotations

from pathlib import Path

import tomlkit

from localr1.config import load_config
from localr1.errors import ConfigError
from localr1.toml_file import read_toml
from localr1.whole_file import write_whole


def set_setting(file: Path, name: str, value: str | int | float | bool) -> None:
    """Set it, comments and order kept; raises ConfigError, the file untouched, for what can't be used."""
    load_config(file, environ={}, overrides={name: value})
    document = _document(file)
    document[name] = value
    _write(file, document)


def set_chat_template(file: Path, model: str, template: str) -> None:
    """Remember the chat template of a model that has none of its own to use; raises as `set_setting`."""
    load_config(file, environ={})
    document = _document(file)
    document.setdefault("chat_templates", tomlkit.table())[model] = template
    _write(file, document)


def _document(file: Path) -> tomlkit.TOMLDocument:
    return tomlkit.parse(read_toml(file)[1] if file.exists() else "")


def _write(file: Path, document: tomlkit.TOMLDocument) -> None:
    """A link to a file elsewhere is followed, so that settings in a dotfiles repository stay there."""
    try:
        write_whole(file.resolve(), tomlkit.dumps(document).encode())
    except OSError as error:
        raise ConfigError(f"{file} can't be written: {error.strerror}.") from None
