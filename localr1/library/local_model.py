"""A model on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from localr1.catalog_entry import CatalogEntry
from localr1.library.records import Record
from localr1.sampling import Sampling


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
    record: Record | None = None
    """None for the bundled model and for those that were put there by hand."""
    missing: bool = False
    """It was referenced, and its file is gone: it can be removed from the list, and nothing else."""

    @property
    def family(self) -> str:
        """How it thinks, where the catalog knows it; empty otherwise."""
        return self.entry.family if self.entry else ""

    @property
    def sampling(self) -> Sampling | None:
        """What its makers advise, where that is known."""
        return self.entry.sampling if self.entry else None

    @property
    def identity(self) -> str:
        """What tells its files from all others: a hash, or size and date; empty when they are gone."""
        if self.sha256:
            return self.sha256
        try:
            return f"{self.size} {self.path.stat().st_mtime_ns}"
        except OSError:
            return ""

    @property
    def sha256(self) -> str:
        """Of its only file, as it was last checked; empty where that never was."""
        files = self.record.files if self.record else ()
        return files[0].sha256 if len(files) == 1 else ""
