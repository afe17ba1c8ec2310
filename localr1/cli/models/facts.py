"""What is known of a model, wherever it is: on disk, on the hub, or only in the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from localr1.catalog_entry import CatalogEntry, Scores
from localr1.chat.families import family_of
from localr1.cli.fits import Fits
from localr1.fit.verdict import Fit
from localr1.gguf.header import GGUFHeader
from localr1.hub.remote import RemoteModel
from localr1.library.describe import QuantShare, describe
from localr1.library.local_model import LocalModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is not known is 0, empty or None; sizes in bytes."""

    name: str
    """What finds it again."""
    title: str = ""
    place: str = ""
    """A path, or where it is on the hub."""
    size: int = 0
    architecture: str = ""
    parameters: int = 0
    quant: str = ""
    quant_mix: tuple[QuantShare, ...] = ()
    layers: int = 0
    heads: int = 0
    key_value_heads: int = 0
    embedding: int = 0
    context: int = 0
    vocabulary: int = 0
    has_template: bool | None = None
    tags: tuple[str, str] | None = None
    """What its thinking stands between."""
    family: str = ""
    license: str = ""
    license_note: str = ""
    base: str = ""
    source: str = ""
    sha256: tuple[str, ...] = ()
    """Of each file."""
    summary: str = ""
    scores: Scores | None = None
    chats: int = 0
    fit: Fit | None = None


def facts_of_local(model: LocalModel, headers: Sequence[GGUFHeader], fits: Fits, chats: int) -> Facts:
    """Of a model on disk."""
    return replace(
        _described(headers, model.entry),
        name=model.name,
        place=str(model.path),
        size=model.size,
        source=_source(model),
        sha256=tuple(file.sha256 for file in model.record.files if file.sha256) if model.record else (),
        chats=chats,
        fit=fits.of_header(headers[0], model.size),
    )


def facts_of_remote(model: RemoteModel, header: GGUFHeader, entry: CatalogEntry | None, fits: Fits) -> Facts:
    """Of a model on the hub; of a split one only the first part was looked at, which has not all weights."""
    described = _described([header], entry)
    whole = len(model.files) == 1
    return replace(
        described,
        name=f"hf:{model.repo}:{model.quant or model.files[0].path}",
        place=f"{model.repo}, {', '.join(file.path for file in model.files)}",
        size=model.size,
        parameters=described.parameters if whole else 0,
        quant_mix=described.quant_mix if whole else (),
        license=model.license or described.license,
        source=f"commit {model.files[0].commit}",
        sha256=tuple(file.sha256 for file in model.files),
        fit=fits.of_header(header, model.size),
    )


def facts_of_entry(entry: CatalogEntry, quant: str, fits: Fits) -> Facts:
    """Of a model that is only in the catalog."""
    file = entry.file(quant)
    return replace(
        _of_catalog(Facts(name=entry.name), entry),
        title=entry.title,
        size=file.size,
        quant=file.quant,
        context=entry.context,
        family=entry.family,
        license=entry.license,
        base=entry.base,
        source=f"hf:{file.repo}",
        sha256=(file.sha256,) if file.sha256 else (),
        fit=fits.of_entry(entry, file.size),
    )


def _described(headers: Sequence[GGUFHeader], entry: CatalogEntry | None) -> Facts:
    about = describe(headers)
    family = family_of(about.template, "", about.architecture, entry.family if entry else "")
    facts = Facts(
        name=about.title,
        title=about.title,
        architecture=about.architecture,
        parameters=about.parameters,
        quant=about.quant,
        quant_mix=about.quant_mix,
        layers=about.layers,
        heads=about.heads,
        key_value_heads=about.key_value_heads,
        embedding=about.embedding,
        context=about.context,
        vocabulary=about.vocabulary,
        has_template=bool(about.template),
        tags=(family.tags.open, family.tags.close) if family.tags else None,
        family=family.name,
        license=about.license,
        base=about.base,
    )
    return _of_catalog(facts, entry) if entry else facts


def _of_catalog(facts: Facts, entry: CatalogEntry) -> Facts:
    """With what only the catalog tells."""
    return replace(
        facts,
        license=entry.license,
        license_note=entry.license_note,
        base=entry.base or facts.base,
        summary=entry.summary,
        scores=entry.scores,
    )


def _source(model: LocalModel) -> str:
    """How it came here, and when."""
    record = model.record
    if not record:
        return "part of localr1" if model.entry and model.entry.bundled else "put there by hand"
    day = f"{datetime.fromtimestamp(record.added).astimezone():%Y-%m-%d}"
    origin = f" from {record.repo} at {record.commit[:12]}" if record.repo else ""
    keeper = f", kept by {record.program} as {record.name}" if record.program else ""
    return f"{record.how}{origin} on {day}{keeper}"
