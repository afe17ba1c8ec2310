"""Hugging Face's cache: `models--<owner>--<repo>/snapshots/<commit>/…/<file>`, a link to `blobs/<sha256>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from localr1.library.elsewhere.candidate import Candidate, entries, is_folder, repo_of, walk

PROGRAM = "Hugging Face"
DEPTH = 3
"""Some repositories keep each quant in a folder."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


def candidates(directory: Path) -> Iterator[Candidate]:
    """The models in a hub cache; links that lead out of their repository are passed over."""
    for repository in entries(directory):
        kind, *names = repository.name.split("--")
        if kind != "models" or not is_folder(repository):
            continue
        repo = repo_of(*names) if len(names) == 2 else ""
        for snapshot in entries(repository / "snapshots"):
            commit = snapshot.name if _COMMIT.fullmatch(snapshot.name) else ""
            for path in walk(snapshot, DEPTH) if is_folder(snapshot) else ():
                blob = _blob(path)
                if blob and blob.is_relative_to(repository.resolve()):
                    sha256 = blob.name if _SHA256.fullmatch(blob.name) else ""
                    yield Candidate(PROGRAM, path.stem, path, sha256, repo, commit)


def _blob(path: Path) -> Path | None:
    with suppress(OSError, RuntimeError):
        return path.resolve(strict=True)
    return None
