"""Ollama keeps files by their hashes, and manifests that give them names.

`manifests/<registry>/<namespace>/<model>/<tag>` is JSON that lists layers; `blobs/sha256-<hex>` is a layer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from localr1.library.elsewhere.candidate import ENTRIES_LIMIT, Candidate, entries, is_folder, is_good_name
from localr1.library.json_file import read_note
from localr1.regular_file import is_regular

PROGRAM = "Ollama"
MODEL_LAYER = "application/vnd.ollama.image.model"
ADAPTER_LAYER = "application/vnd.ollama.image.adapter"

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_OWN = ("registry.ollama.ai/", "library/")
"""What Ollama itself leaves out of a name."""


class _Layer(msgspec.Struct):
    mediaType: str  # noqa: N815
    digest: str


class _Manifest(msgspec.Struct):
    layers: list[_Layer]


def candidates(directory: Path) -> Iterator[Candidate]:
    """The models of an Ollama directory, by the names that `ollama list` shows."""
    for manifest in _manifests(directory / "manifests"):
        name = _name(manifest.relative_to(directory / "manifests"))
        sha256 = _model_digest(manifest)
        blob = directory / "blobs" / f"sha256-{sha256}"
        if sha256 and is_good_name(name) and is_regular(blob):
            yield Candidate(PROGRAM, name, blob, sha256)


def is_store(directory: Path) -> bool:
    """Whether it looks like Ollama's."""
    return is_folder(directory / "manifests") and is_folder(directory / "blobs")


def _manifests(root: Path) -> Iterator[Path]:
    """Files exactly four levels deep."""
    paths = [root]
    for _ in range(4):
        paths = [path for folder in paths if is_folder(folder) for path in entries(folder)][:ENTRIES_LIMIT]
    return (path for path in paths if is_regular(path))


def _name(place: Path) -> str:
    *folders, tag = place.parts
    name = "/".join(folders)
    for own in _OWN:
        name = name.removeprefix(own)
    return f"{name}:{tag}"


def _model_digest(manifest: Path) -> str:
    """The hash of the model, in hex; empty for what is no manifest, or one of a model with an adapter."""
    note = read_note(manifest, _Manifest)
    kinds = {layer.mediaType: _DIGEST.fullmatch(layer.digest) for layer in note.layers} if note else {}
    digest = kinds.get(MODEL_LAYER)
    return digest[1] if digest and ADAPTER_LAYER not in kinds else ""
