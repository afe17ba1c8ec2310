"""Writing one setting into config.toml, with everything that a person wrote there kept."""

from __future__ import annotations

from pathlib import Path

import msgspec
import tomlkit

from localr1.config_sources import load_config
from localr1.sampling import SamplingChoice
from localr1.toml_document import read_document, write_document


def set_setting(file: Path, name: str, value: str | int | float | bool) -> None:
    """Set it, comments and order kept; raises ConfigError, the file untouched, for what can't be used."""
    load_config(file, environ={}, overrides={name: value})
    document = read_document(file)
    document[name] = value
    write_document(file, document)


def unset_setting(file: Path, name: str) -> None:
    """Take it out, so that the default holds again; raises as `set_setting`."""
    load_config(file, environ={})
    document = read_document(file)
    if name in document:
        document.remove(name)
        write_document(file, document)


def set_sampling(file: Path, model: str, sampling: SamplingChoice) -> None:
    """Remember how a model shall be drawn from; nothing chosen leaves it to its makers. Raises as above."""
    load_config(file, environ={})
    document = read_document(file)
    models = document.setdefault("sampling", tomlkit.table())
    models.pop(model, None)
    if chosen := msgspec.to_builtins(sampling):
        models[model] = chosen
    if not models:
        document.remove("sampling")
    write_document(file, document)


def set_chat_template(file: Path, model: str, template: str) -> None:
    """Remember the chat template of a model that has none of its own to use; raises as `set_setting`."""
    load_config(file, environ={})
    document = read_document(file)
    document.setdefault("chat_templates", tomlkit.table())[model] = template
    write_document(file, document)
