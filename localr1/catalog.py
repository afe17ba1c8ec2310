"""The catalog: models worth having, read from models.toml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import msgspec

from localr1.catalog_entry import CatalogEntry, ModelFile, Scores, Shape
from localr1.errors import ConfigError, ModelFileError
from localr1.paths import bundled
from localr1.regular_file import is_there
from localr1.sampling import Sampling
from localr1.toml_file import line_of, read_toml

CATALOG_FILE = bundled("models.toml")

_PARTS: Mapping[str, type[msgspec.Struct]] = {"sampling": Sampling, "scores": Scores, "shape": Shape}
_WORD = 3
"""Letters of a name that are enough to name those that begin so."""
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

    def file_named(self, file_name: str, repo: str = "") -> tuple[CatalogEntry, ModelFile] | None:
        """The entry and file that a downloaded file of this name holds, where the catalog knows it.

        Of files that are known to come from a `repo`, only those of that repo are the same.
        """
        for entry in self.entries:
            for file in entry.files:
                if file.file == file_name and not entry.bundled and repo in ("", file.repo):
                    return entry, file
        return None

    def _advice(self, name: str, others: Iterable[str]) -> str:
        names = dict.fromkeys([*others, *(entry.name for entry in self.entries)])
        word = name[:60].lower()
        beginning = [each for each in names if len(word) >= _WORD and each.lower().startswith(word)]
        if closest := beginning[:2] or get_close_matches(word, list(names), n=2):
            return f"Did you mean {' or '.join(closest)}?"
        return "`localr1 models list` shows those that there are."


def load_catalogs(own: Path) -> Catalog:
    """The models that ship with localr1, and those of a user's own file, which replace any of their name."""
    shipped = load_catalog()
    if not is_there(own):
        return shipped
    entries = {entry.name: entry for entry in shipped.entries}
    for entry in load_catalog(own).entries:
        if entry.bundled:
            raise ConfigError(f"{own}, {entry.name}: bundled: only localr1 itself brings a model along.")
        entries[entry.name] = entry
    return Catalog(tuple(entries.values()))


def load_catalog(path: Path = CATALOG_FILE) -> Catalog:
    """The catalog in a file; raises ConfigError naming line, model and field, and what is allowed there."""
    tables, text = read_toml(path)
    models = tables.pop("model", None)
    if not isinstance(models, list) or tables:
        raise ConfigError(f"{path} must hold [[model]] tables and nothing else.")
    entries: dict[str, CatalogEntry] = {}
    for index, table in enumerate(models):
        place = _Place(path, text, ("model", index))
        entry = _entry(table, place)
        if entry.name in entries:
            raise place.error(f"there are two models named {entry.name}")
        entries[entry.name] = entry
    return Catalog(tuple(entries.values()))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a file something stands, for the error that may have to name it."""

    path: Path
    text: str
    keys: tuple[str | int, ...]
    names: tuple[str, ...] = ()
    """The model and the quant, once they are known."""

    def inside(self, *keys: str, name: str) -> _Place:
        return replace(self, keys=(*self.keys, *keys), names=(*self.names, _short(name)))

    def error(self, problem: str, field: str = "", *, hint: str = "") -> ConfigError:
        line = line_of(self.text, (*self.keys, *field.split(".")))
        place = [f"{self.path}, line {line}" if line else str(self.path), *self.names]
        return ConfigError(f"{', '.join(place)}: {problem}.", hint=hint)


def _entry(table: object, place: _Place) -> CatalogEntry:
    fields = dict(table) if isinstance(table, Mapping) else {}
    place = place.inside(name=str(fields.get("name", "a model without a name")))
    repo, rows = fields.pop("repo", ""), fields.get("files", {})
    if not isinstance(rows, Mapping):
        raise place.error("files must be a table of quants", "files")
    files = [_file(row, quant, repo, place.inside("files", quant, name=quant)) for quant, row in rows.items()]
    fields["files"] = sorted(files, key=lambda file: file.size)
    return _convert(fields, CatalogEntry, place)


def _file(row: object, quant: str, repo: object, place: _Place) -> ModelFile:
    """A row is named by its quant, and shares the model's `repo` unless it names another."""
    if not isinstance(row, Mapping):
        raise place.error("a quant must be a table with a file in it")
    return _convert({"repo": repo, **row, "quant": quant}, ModelFile, place)


def _convert(value: object, struct: type[_T], place: _Place) -> _T:
    try:
        return msgspec.convert(value, struct)
    except msgspec.ValidationError as error:
        problem, _, where = str(error).partition(" - at `$")
        field = where.strip(".`")
        problem = problem.removeprefix("Object contains ").removeprefix("Object ")
        problem = f"{problem[0].lower()}{problem[1:]}"
        fields = [row.name for row in msgspec.structs.fields(_PARTS.get(field, struct))]
        raise place.error(
            f"{field}: {problem}" if field else problem,
            field or _field_in(problem, fields),
            hint=f"The fields are {', '.join(fields)}.",
        ) from None


def _field_in(problem: str, fields: Iterable[str]) -> str:
    """The field that a sentence is about: an unknown one in backticks, or the one that it begins with."""
    quoted, first = problem.partition("unknown field `")[2], problem.partition(" ")[0]
    return quoted.rstrip("`") or (first if first in fields else "")


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:60]}…"
