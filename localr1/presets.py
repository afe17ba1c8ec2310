"""Presets: named bundles of instructions, effort and sampling, from presets.toml and from localr1 itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import tomlkit

from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.errors import ConfigError, UsageError
from localr1.paths import bundled
from localr1.regular_file import is_there
from localr1.safe_text import safe_line
from localr1.toml_document import read_document, write_document
from localr1.toml_file import read_toml
from localr1.validation import convert

NAME_LENGTH = 40
"""Characters of the longest name."""


@dataclass(frozen=True, slots=True)
class Preset:
    """What a chat can be set to by one name."""

    name: str
    options: ChatOptions
    bundled: bool = False
    """It comes with localr1 and can be replaced, but not removed."""


class _Table(ChatOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A preset as it stands in a file, where a misspelt option should be said."""


class Presets:
    """Reads the file whenever it is asked, as people may change it meanwhile."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def all(self) -> list[Preset]:
        """Every preset in the order of their names; raises ConfigError for a file that can't be used."""
        found = {preset.name: preset for preset in (*_read(bundled("presets.toml"), ours=True), *self._own())}
        return [found[name] for name in sorted(found, key=str.casefold)]

    def find(self, name: str) -> Preset:
        """The preset of a name, small letters or large; raises UsageError naming those that there are."""
        presets = self.all()
        for preset in presets:
            if preset.name.casefold() == name.casefold():
                return preset
        names = ", ".join(preset.name for preset in presets)
        raise UsageError(f"There is no preset {name[:NAME_LENGTH]!r}.", hint=f"There are {names}.")

    def save(self, name: str, options: ChatOptions) -> None:
        """Keep these under a name, in place of what it stood for; raises ConfigError when that can't be."""
        name = safe_line(name).strip()[:NAME_LENGTH]
        if not name:
            raise ConfigError("A preset needs a name.")
        self._own()
        document = read_document(self._file)
        table = document.setdefault(name, tomlkit.table())
        for option, value in msgspec.structs.asdict(options).items():
            if value in (None, ""):
                table.pop(option, None)
            else:
                table[option] = _toml(value)
        write_document(self._file, document)

    def remove(self, name: str) -> None:
        """Take one out of the file; one of localr1's that it stood in front of is back."""
        document = read_document(self._file)
        if name in document:
            document.remove(name)
            write_document(self._file, document)

    def _own(self) -> list[Preset]:
        return _read(self._file) if is_there(self._file) else []


def _read(file: Path, *, ours: bool = False) -> list[Preset]:
    tables, _ = read_toml(file)
    return [Preset(name, _options(f"{file}, {name}", table), ours) for name, table in tables.items()]


def _options(source: str, table: object) -> ChatOptions:
    if not isinstance(table, Mapping):
        raise ConfigError(f"{source}: this must be a table, such as [tutor].")
    return convert(table, _Table, source=source).over(NO_OPTIONS)


def _toml(value: str | int | float) -> object:
    return tomlkit.string(value, multiline="\n" in value) if isinstance(value, str) else value
