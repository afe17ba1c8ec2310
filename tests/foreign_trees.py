"""Folders as other programs lay them out, with models of ours in them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

MODEL_LAYER = "application/vnd.ollama.image.model"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class OllamaTree:
    """`~/.ollama/models`, as `ollama pull` leaves it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "blobs").mkdir(parents=True)
        (root / "manifests").mkdir()

    def blob(self, data: bytes) -> Path:
        path = self.root / "blobs" / f"sha256-{sha256(data)}"
        path.write_bytes(data)
        return path

    def layer(self, kind: str, data: bytes) -> dict[str, object]:
        self.blob(data)
        return {"mediaType": kind, "digest": f"sha256:{sha256(data)}", "size": len(data)}

    def pull(self, place: str, model: bytes, *more: dict[str, object]) -> Path:
        """A model at `registry/namespace/model/tag`; the blob that its weights are in."""
        self.write(place, self.manifest(model, *more))
        return self.root / "blobs" / f"sha256-{sha256(model)}"

    def pull_as_since_0_40(self, place: str, **models: bytes) -> None:
        """One model for each runner, in a list of manifests that a link names."""
        children = [
            {
                "mediaType": "application/vnd.ollama.manifest.v2+json",
                "digest": f"sha256:{self.blob(self.manifest(model)).name.removeprefix('sha256-')}",
                "runner": runner,
            }
            for runner, model in models.items()
        ]
        kind = "application/vnd.ollama.manifest.list.v2+json"
        listed = self.blob(
            json.dumps({"schemaVersion": 2, "mediaType": kind, "manifests": children}).encode()
        )
        link = self.root / "manifests-v2" / place
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(listed)

    def manifest(self, model: bytes, *more: dict[str, object]) -> bytes:
        manifest = {
            "schemaVersion": 2,
            "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
            "config": self.layer(
                "application/vnd.docker.container.image.v1+json", b'{"model_format":"gguf"}'
            ),
            "layers": [
                self.layer(MODEL_LAYER, model),
                self.layer("application/vnd.ollama.image.template", b"{{ .Prompt }}"),
                self.layer("application/vnd.ollama.image.license", b"MIT License"),
                self.layer("application/vnd.ollama.image.params", b'{"stop":["<|User|>"]}'),
                *more,
            ],
        }
        return json.dumps(manifest).encode()

    def write(self, place: str, manifest: bytes) -> Path:
        path = self.root / "manifests" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(manifest)
        return path


def lm_studio_model(home: Path, place: str, data: bytes) -> Path:
    """A file at `publisher/repo/file.gguf` in the home of LM Studio, `~/.lmstudio`."""
    path = home / "models" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def llama_cpp_model(cache: Path, repo: str, name: str, data: bytes) -> Path:
    """What `llama-cli -hf owner/repo` leaves in `~/.cache/llama.cpp`: the file, its note, and a manifest."""
    cache.mkdir(parents=True, exist_ok=True)
    flat = repo.replace("/", "_")
    path = cache / f"{flat}_{name}"
    path.write_bytes(data)
    note = {
        "etag": f'"{sha256(data)}"',
        "lastModified": "Tue, 21 Jan 2025 10:00:00 GMT",
        "url": f"https://huggingface.co/{repo}/resolve/main/{name}",
    }
    path.with_name(f"{path.name}.json").write_text(json.dumps(note, indent=4))
    (cache / f"manifest={repo.replace('/', '=')}=latest.json").write_text(
        json.dumps({"ggufFile": {"rfilename": name, "size": len(data)}})
    )
    return path


def hugging_face_file(cache: Path, repo: str, commit: str, name: str, data: bytes) -> Path:
    """What `hf download` leaves in `~/.cache/huggingface/hub`: a blob, and a link to it in a snapshot."""
    root = cache / f"models--{repo.replace('/', '--')}"
    blob = root / "blobs" / sha256(data)
    link = root / "snapshots" / commit / name
    for directory in (blob.parent, link.parent, root / "refs"):
        directory.mkdir(parents=True, exist_ok=True)
    blob.write_bytes(data)
    (root / "refs" / "main").write_text(commit)
    up = "/".join([".."] * (2 + len(Path(name).parts) - 1))
    link.symlink_to(f"{up}/blobs/{blob.name}")
    return link
