"""What a file on disk is called, and which model of the catalog it is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from localr1.catalog import Catalog
from localr1.catalog_entry import CatalogEntry, ModelFile
from localr1.gguf.quant_name import quant_in
from localr1.gguf.split_model import split_model
from localr1.library.local_model import LocalModel
from localr1.library.records import Record
from localr1.regular_file import is_regular


def recognise(path: Path, record: Record | None, catalog: Catalog) -> LocalModel:
    """The model at a path: by its record where it has one, otherwise by the name of its file."""
    split = split_model(path)
    size = split.size() if split else _size(path)
    missing = not is_regular(path) and record is not None and record.how == "referenced"
    if known := _known(path, record, catalog):
        entry, file = known
        name = entry.name if file.quant == entry.default else f"{entry.name}:{file.quant}"
        return LocalModel(name, path, size, file.quant, entry, record, missing)
    stem = split.stem if split else path.stem
    name, quant = (record.name or stem, record.quant) if record else (stem, "")
    return LocalModel(name, path, size, quant or quant_in(stem), None, record, missing)


def _known(path: Path, record: Record | None, catalog: Catalog) -> tuple[CatalogEntry, ModelFile] | None:
    """A file of one name in two repositories is two files: where the repository is known, it decides."""
    return catalog.file_named(path.name, record.repo if record else "")


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
