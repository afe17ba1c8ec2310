"""The models on this machine: the bundled one, our own, and those of other programs; a name → a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from shlex import quote

from localr1.catalog import Catalog, load_catalogs
from localr1.catalog_entry import CatalogEntry, ModelFile
from localr1.errors import ModelFileError
from localr1.gguf.split_model import split_model
from localr1.library.local_model import LocalModel
from localr1.library.model_files import SUFFIX, model_files
from localr1.library.readiness import require_ready
from localr1.library.recognition import recognise
from localr1.library.records import Records
from localr1.paths import Paths, bundled
from localr1.regular_file import is_regular, require_regular
from localr1.saved_states import SavedStates
from localr1.units import size_text

_ELSEWHERE = ("hf:", "https://", "http://")
"""How names begin that `localr1 pull` takes."""


class Library:
    """Finds models by name or path; the catalog is read when the first one is looked for."""

    def __init__(
        self, load_catalog: Callable[[], Catalog], models_directory: Path, states: SavedStates | None = None
    ) -> None:
        """`states` are of no use without their models."""
        self._load_catalog = load_catalog
        self.states = states
        self.directory = models_directory
        self.records = Records(models_directory)

    @classmethod
    def open(cls, paths: Paths) -> Library:
        """The user's library, with the models of their own models.toml."""
        return cls(lambda: load_catalogs(paths.catalog_file), paths.models, SavedStates(paths.saved_states))

    @cached_property
    def catalog(self) -> Catalog:
        """What there is to have."""
        return self._load_catalog()

    def models(self) -> list[LocalModel]:
        """The bundled model, those in the models directory, checked ones first, and the referenced ones.

        A name stands for the first that has it; the others go by their paths.
        """
        found: dict[str, LocalModel] = {}
        for model in (*self._bundled(), *self._recognised()):
            name = str(model.path) if model.name in found else model.name
            found[name] = replace(model, name=name)
        return list(found.values())

    def find(self, name: str) -> LocalModel:
        """The model of a name, a `name:quant` or a path, ready to be run.

        Raises ModelFileError that says how to get it, or why it can't be run.
        """
        return require_ready(self.look_up(name))

    def look_up(self, name: str) -> LocalModel:
        """The same, whether it is ready or not: for what checks, shows and removes models."""
        models = {model.name: model for model in self.models()}
        if name in models:
            return models[name]
        if name.startswith(_ELSEWHERE):
            raise ModelFileError(
                f"{name} is a place on the hub, not the name of a model here.",
                hint=f"`localr1 pull {quote(name)}` fetches it, unless it is here, and says its name.",
            )
        if "/" in name or name.startswith("~") or name.lower().endswith(SUFFIX):
            return self._at(name, list(models.values()))
        entry, file = self.catalog.find(name, others=models)
        fitting = [model for model in models.values() if model.entry is entry]
        for model in fitting:
            if model.quant == file.quant:
                return model
        if fitting and ":" not in name:
            return max(fitting, key=lambda model: model.size)
        raise self._absent(entry, file)

    def _at(self, name: str, models: list[LocalModel]) -> LocalModel:
        path = _absolute(name)
        if "/" not in name and not is_regular(path) and is_regular(self.directory / name):
            path = self.directory / name
        split = split_model(path)
        first = split.first if split else path
        by_path = (model for model in models if model.path == first)
        by_file = (model for model in models if _is_same(model.path, first))
        if found := next(by_path, None) or next(by_file, None):
            return found
        require_regular(path, ModelFileError)
        return replace(recognise(first, None, self.catalog), name=str(first))

    def _bundled(self) -> Iterator[LocalModel]:
        for entry in self.catalog.entries:
            for file in entry.files:
                if entry.bundled and is_regular(path := bundled(file.file)):
                    yield LocalModel(entry.name, path, path.stat().st_size, file.quant, entry)

    def _recognised(self) -> Iterator[LocalModel]:
        records = {self.records.path_of(record): record for record in self.records.all()}
        here = model_files(self.directory.absolute())
        here.sort(key=lambda path: path not in records)
        referenced = (path for path, record in records.items() if record.how == "referenced")
        for path in dict.fromkeys((*here, *referenced)):
            yield recognise(path, records.get(path), self.catalog)

    def _absent(self, entry: CatalogEntry, file: ModelFile) -> ModelFileError:
        if entry.bundled:
            return ModelFileError(
                f"{entry.name} is missing from this installation.", hint="Install localr1 again."
            )
        return ModelFileError(
            f"{entry.name} ({file.quant}, {size_text(file.size)}) is not on this machine.",
            hint=f"`localr1 pull {entry.name}:{file.quant}` downloads it.",
        )


def _is_same(path: Path, other: Path) -> bool:
    """Whether two paths lead to one file, by whatever way."""
    with suppress(OSError, ValueError):
        return path.samefile(other)
    return False


def _absolute(name: str) -> Path:
    try:
        return Path(name).expanduser().absolute()
    except RuntimeError:
        raise ModelFileError(f"{name[:60]} is in a home directory that does not exist.") from None
