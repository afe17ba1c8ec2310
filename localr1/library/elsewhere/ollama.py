"""Ollama keeps files by their hashes, and manifests that give them names.

`manifests/<registry>/<namespace>/<model>/<tag>` is JSON that lists layers; `blobs/sha256-<hex>` is a layer.
Since version 0.40 `manifests-v2` comes first, links that lead to blobs; its registry is ollama.com, and a
manifest may list others, one a runner.
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
_FOLDERS = ("manifests-v2", "manifests")
_OWN = ("registry.ollama.ai/", "ollama.com/", "library/")
"""What Ollama itself leaves out of a name."""
_RUNNERS = ("ggml", "llamacpp")
"""Those whose files are GGUF, the original before what Ollama makes of it."""


class _Layer(msgspec.Struct, rename="camel"):
    media_type: str
    digest: str


class _Child(msgspec.Struct):
    digest: str
    runner: str = ""


class _Manifest(msgspec.Struct):
    layers: list[_Layer] = []
    manifests: list[_Child] = []


def candidates(directory: Path) -> Iterator[Candidate]:
    """The models of an Ollama directory, by the names that `ollama list` shows."""
    for root in (directory / folder for folder in _FOLDERS):
        for manifest in _manifests(root):
            name = _name(manifest.relative_to(root))
            sha256 = _model_digest(manifest, directory)
            blob = _blob(directory, sha256)
            if sha256 and is_good_name(name) and is_regular(blob):
                yield Candidate(PROGRAM, name, blob, sha256)


def is_store(directory: Path) -> bool:
    """Whether it looks like Ollama's."""
    return is_folder(directory / "blobs") and any(is_folder(directory / folder) for folder in _FOLDERS)


def _manifests(root: Path) -> Iterator[Path]:
    """Files exactly four levels deep."""
    paths = [root]
    for _ in range(4):
        paths = [path for folder in paths if is_folder(folder) for path in entries(folder)][:ENTRIES_LIMIT]
    return (path for path in paths if is_regular(path))


def _name(place: Path) -> str:
    *folders, tag = place.parts
    name = "/".join(folders).replace("%3A", ":")
    for own in _OWN:
        name = name.removeprefix(own)
    return f"{name}:{tag}"


def _model_digest(manifest: Path, directory: Path) -> str:
    """The hash of the model, in hex; empty for what is no manifest, or one of a model with an adapter."""
    note = read_note(manifest, _Manifest)
    if note and note.manifests:
        note = read_note(_blob(directory, _child_digest(note.manifests)), _Manifest)
    layers = {layer.media_type: layer.digest for layer in note.layers} if note else {}
    return "" if ADAPTER_LAYER in layers else _hex(layers.get(MODEL_LAYER, ""))


def _child_digest(children: list[_Child]) -> str:
    digests = {child.runner.lower(): child.digest for child in children}
    return _hex(next((digests[runner] for runner in _RUNNERS if runner in digests), ""))


def _hex(digest: str) -> str:
    """The hash in `sha256:<hex>`; empty for what is none."""
    match = _DIGEST.fullmatch(digest)
    return match[1] if match else ""


def _blob(directory: Path, sha256: str) -> Path:
    return directory / "blobs" / f"sha256-{sha256}"
