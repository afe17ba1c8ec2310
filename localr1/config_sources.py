"""Where settings come from: the command line goes before the environment, config.toml and the defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from localr1.config import TABLES, Config
from localr1.errors import ConfigError
from localr1.regular_file import is_there
from localr1.toml_file import read_toml
from localr1.validation import convert

_ELSEWHERE = {"endpoint": "HF_ENDPOINT"}
"""Variables of other programs that are understood where ours is not set."""
_PREFIX = "LOCALR1_"
_HOME = "LOCALR1_HOME"
_ALIKE = 0.8
"""How much a variable is like a setting's, 0 to 1, that is taken for a mistake and not for somebody's own."""
_HINT = "docs/configuration.md lists every setting."


@dataclass(frozen=True, slots=True)
class Layers:
    """Where settings come from, the strongest first; each holds only what is set there."""

    command_line: Mapping[str, object]
    environment: Mapping[str, object]
    file: Mapping[str, object]

    def config(self) -> Config:
        """The settings in force."""
        values = {**self.file, **self.environment, **self.command_line}
        return convert(values, Config, source="The command line", hint=_HINT)


def load_config(
    file: Path, environ: Mapping[str, str] | None = None, overrides: Mapping[str, object] | None = None
) -> Config:
    """The settings in force; `overrides` are the command line's, None among them meaning "not given".

    Raises ConfigError, naming the file or variable, for what can't be used.
    """
    return read_layers(file, environ, overrides).config()


def read_layers(
    file: Path, environ: Mapping[str, str] | None = None, overrides: Mapping[str, object] | None = None
) -> Layers:
    """All that is set anywhere; raises ConfigError as `load_config` does."""
    from_file, text = read_toml(file) if is_there(file) else ({}, "")
    convert(from_file, Config, source=str(file), text=text, hint=_HINT)
    from_environment = _variables(os.environ if environ is None else environ)
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    return Layers(given, from_environment, from_file)


def read_value(name: str, text: str) -> str | int | float | bool | None:
    """What somebody wrote for a setting, as its value; raises ConfigError for what can't be used."""
    value: str | int | float | bool | None = getattr(
        convert({name: text}, Config, source="", strict=False), name
    )
    return value


def variables_of(name: str) -> tuple[str, ...]:
    """The variables that a setting can come from, the strongest first; a table comes from none."""
    if name in TABLES:
        return ()
    theirs = (_ELSEWHERE[name],) if name in _ELSEWHERE else ()
    return (f"{_PREFIX}{name.upper()}", *theirs)


def _variables(environ: Mapping[str, str]) -> dict[str, object]:
    """Every setting that the environment has; each is checked alone, so that an error can name it."""
    _refuse_misspelt(environ)
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(Config):
        for variable in reversed(variables_of(field.name)):
            if value := environ.get(variable):
                config = convert({field.name: value}, Config, source=variable, strict=False, hint=_HINT)
                found[field.name] = getattr(config, field.name)
    return found


def _refuse_misspelt(environ: Mapping[str, str]) -> None:
    """Raises ConfigError for a variable that is nearly a setting's, which would do nothing."""
    known = {variable for name in Config.__struct_fields__ for variable in variables_of(name)} | {_HOME}
    for variable in environ:
        if variable.startswith(_PREFIX) and variable not in known and environ[variable]:
            from difflib import get_close_matches

            names = [name.removeprefix(_PREFIX) for name in known]
            if near := get_close_matches(variable.removeprefix(_PREFIX), names, n=1, cutoff=_ALIKE):
                raise ConfigError(
                    f"There is no setting {variable}.", hint=f"Did you mean {_PREFIX}{near[0]}?"
                )
