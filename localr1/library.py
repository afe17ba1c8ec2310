"""The models on this machine: the bundled one and those in the models directory; a name → a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from localr1.catalog import Catalog
from localr1.catalog_entry import QUANTS, CatalogEntry, ModelFile
from localr1.errors import ModelFileError
from localr1.gguf.split_model import split_model
from localr1.paths import bundled
from localr1.regular_file import is_regular, require_regular
from localr1.sampling import Sampling
from localr1.units import size_text

SUFFIX = ".gguf"

_QUANT = re.compile(rf"(?:^|[-._])({'|'.join(QUANTS)})(?=[-._]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model that is here."""

    name: str
    """What finds it again: a name of the catalog, the name of its file, or its path."""
    path: Path
    """Of a split model, the first part."""
    size: int
    """Bytes, of all parts."""
    quant: str
    """As the catalog or the file's name has it; empty where neither does."""
    entry: CatalogEntry | None = None
    """None for a model that the catalog does not know."""

    @property
    def family(self) -> str:
        """How it thinks, where the catalog knows it; empty otherwise."""
        return self.entry.family if self.entry else ""

    @property
    def sampling(self) -> Sampling | None:
        """What its makers advise, where that is known."""
        return self.entry.sampling if self.entry else None


class Library:
    """Finds models by name or path; the catalog is read when the first one is looked for."""

    def __init__(self, load_catalog: Callable[[], Catalog], models_directory: Path) -> None:
        self._load_catalog = load_catalog
        self._directory = models_directory

    @cached_property
    def catalog(self) -> Catalog:
        """What there is to have."""
        return self._load_catalog()

    def models(self) -> list[LocalModel]:
        """The bundled model, then those in the models directory by the names of their files."""
        found = {model.name: model for model in self._bundled()}
        for path in self._files():
            model = self._model(path)
            if model.name in found:
                model = replace(model, name=str(path))
            found[model.name] = model
        return list(found.values())

    def find(self, name: str) -> LocalModel:
        """The model of a name, a `name:quant` or a path; raises ModelFileError that says how to get it."""
        if "/" in name or name.startswith("~") or name.lower().endswith(SUFFIX):
            return self._at(name)
        models = {model.name: model for model in self.models()}
        if name in models:
            return _whole(models[name])
        entry, file = self.catalog.find(name, others=models)
        fitting = [model for model in models.values() if model.entry is entry]
        for model in fitting:
            if model.quant == file.quant:
                return _whole(model)
        if fitting and ":" not in name:
            return _whole(max(fitting, key=lambda model: model.size))
        raise self._absent(entry, file)

    def _at(self, name: str) -> LocalModel:
        path = _absolute(name)
        if "/" not in name and not is_regular(path) and is_regular(self._directory / name):
            path = self._directory / name
        require_regular(path, ModelFileError)
        split = split_model(path)
        path = split.first if split else path
        for model in self.models():
            if model.path == path:
                return _whole(model)
        return _whole(replace(self._model(path), name=str(path)))

    def _bundled(self) -> list[LocalModel]:
        return [
            LocalModel(entry.name, path, path.stat().st_size, file.quant, entry)
            for entry in self.catalog.entries
            for file in entry.files
            if entry.bundled and is_regular(path := bundled(file.file))
        ]

    def _files(self) -> list[Path]:
        """The models in the directory; a split one once, by its first part, even if that is missing."""
        try:
            paths = sorted(path for path in self._directory.iterdir() if path.suffix.lower() == SUFFIX)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ModelFileError(f"{self._directory} can't be read: {error.strerror}.") from None
        splits = {path: split_model(path) for path in paths if is_regular(path)}
        return list(dict.fromkeys(split.first if split else path for path, split in splits.items()))

    def _model(self, path: Path) -> LocalModel:
        split = split_model(path)
        size = split.size() if split else path.stat().st_size
        if known := self.catalog.file_named(path.name):
            entry, file = known
            name = entry.name if file.quant == entry.default else f"{entry.name}:{file.quant}"
            return LocalModel(name, path, size, file.quant, entry)
        stem = split.stem if split else path.stem
        quant = _QUANT.search(stem)
        return LocalModel(stem, path, size, quant[1].upper() if quant else "")

    def _absent(self, entry: CatalogEntry, file: ModelFile) -> ModelFileError:
        if entry.bundled:
            return ModelFileError(
                f"{entry.name} is missing from this installation.", hint="Install localr1 again."
            )
        return ModelFileError(
            f"{entry.name} ({file.quant}, {size_text(file.size)}) is not on this machine.",
            hint=f"Fetch {file.file} from huggingface.co/{file.repo} and put it into {self._directory}.",
        )


def _absolute(name: str) -> Path:
    try:
        return Path(name).expanduser().absolute()
    except RuntimeError:
        raise ModelFileError(f"{name[:60]} is in a home directory that does not exist.") from None


def _whole(model: LocalModel) -> LocalModel:
    """The model, if none of its parts is missing; raises ModelFileError naming those that are."""
    split = split_model(model.path)
    if split and (missing := split.missing()):
        raise ModelFileError(
            f"{model.name} is incomplete: of its {split.count:,} parts, there is no {missing}.",
            hint=f"Put the missing parts into {split.directory}.",
        )
    return model
