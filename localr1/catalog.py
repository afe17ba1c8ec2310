"""The catalog: models worth having, read from models.toml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import msgspec

from localr1.catalog_entry import CatalogEntry, ModelFile, Scores
from localr1.errors import ConfigError, ModelFileError
from localr1.paths import bundled
from localr1.sampling import Sampling
from localr1.toml_file import read_toml

CATALOG_FILE = bundled("models.toml")

_PARTS: Mapping[str, type[msgspec.Struct]] = {"sampling": Sampling, "scores": Scores}
_T = TypeVar("_T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every entry, in the order in which a person wants to read them."""

    entries: tuple[CatalogEntry, ...]

    def find(self, name: str, *, others: Iterable[str] = ()) -> tuple[CatalogEntry, ModelFile]:
        """The entry and file of `name` or `name:quant`; raises ModelFileError with names that are close."""
        wanted, _, quant = name.partition(":")
        for entry in self.entries:
            if entry.name == wanted.lower():
                return entry, entry.file(quant)
        raise ModelFileError(f"There is no model named {_short(name)}.", hint=self._advice(wanted, others))

    def file_named(self, file_name: str) -> tuple[CatalogEntry, ModelFile] | None:
        """The entry and file that a downloaded file of this name holds, where the catalog knows it."""
        for entry in self.entries:
            for file in entry.files:
                if file.file == file_name and not entry.bundled:
                    return entry, file
        return None

    def _advice(self, name: str, others: Iterable[str]) -> str:
        names = dict.fromkeys([*others, *(entry.name for entry in self.entries)])
        if closest := get_close_matches(name[:60].lower(), list(names), n=2):
            return f"Did you mean {' or '.join(closest)}?"
        return "`localr1 models list` shows those that there are."


def load_catalog(path: Path = CATALOG_FILE) -> Catalog:
    """The catalog in a file; raises ConfigError naming line, model and field, and what is allowed there."""
    tables, text = read_toml(path)
    models = tables.pop("model", None)
    if not isinstance(models, list) or tables:
        raise ConfigError(f"{path} must hold [[model]] tables and nothing else.")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith("[[model]]")]
    entries: dict[str, CatalogEntry] = {}
    for index, table in enumerate(models):
        place = f"{path}, line {lines[index]}" if index < len(lines) else str(path)
        entry = _entry(table, place)
        if entry.name in entries:
            raise ConfigError(f"{place}: there are two models named {entry.name}.")
        entries[entry.name] = entry
    return Catalog(tuple(entries.values()))


def _entry(table: object, place: str) -> CatalogEntry:
    fields = dict(table) if isinstance(table, Mapping) else {}
    place = f"{place}, {_short(str(fields.get('name', 'a model without a name')))}"
    repo, rows = fields.pop("repo", ""), fields.get("files", {})
    if not isinstance(rows, Mapping):
        raise ConfigError(f"{place}: files must be a table of quants.")
    files = [_file(row, quant, repo, f"{place}, {_short(quant)}") for quant, row in rows.items()]
    fields["files"] = sorted(files, key=lambda file: file.size)
    return _convert(fields, CatalogEntry, place)


def _file(row: object, quant: str, repo: object, place: str) -> ModelFile:
    """A row is named by its quant, and shares the model's `repo` unless it names another."""
    if not isinstance(row, Mapping):
        raise ConfigError(f"{place}: a quant must be a table with a file in it.")
    return _convert({"repo": repo, **row, "quant": quant}, ModelFile, place)


def _convert(value: object, struct: type[_T], place: str) -> _T:
    try:
        return msgspec.convert(value, struct)
    except msgspec.ValidationError as error:
        problem, _, where = str(error).partition(" - at `$")
        field = where.strip(".`")
        problem = problem.removeprefix("Object contains ").removeprefix("Object ")
        allowed = ", ".join(name.name for name in msgspec.structs.fields(_PARTS.get(field, struct)))
        raise ConfigError(
            f"{place}: {field + ': ' if field else ''}{problem[0].lower()}{problem[1:]}.",
            hint=f"The fields are {allowed}.",
        ) from None


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:60]}…"
