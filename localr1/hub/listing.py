"""The files of a repository → the models that they make up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from localr1.gguf.quant_name import quant_in
from localr1.gguf.split_model import SplitModel, split_model
from localr1.hub.api import Row
from localr1.hub.claims import checked_sha256, checked_size, is_model_path
from localr1.hub.remote import RemoteFile, RemoteModel

_NO_CHAT = re.compile(r"mmproj|imatrix", re.IGNORECASE)
"""Parts that see pictures, and statistics for those who make quants."""


def models_of(repo: str, commit: str, license_name: str, rows: Iterable[Row]) -> tuple[RemoteModel, ...]:
    """Every model, smallest first; a split one is whole, or left out.

    Raises DownloadError for a hash or a size that can't be one; names that can't be used are left out.
    """
    groups: dict[str, list[RemoteFile]] = {}
    for row in rows:
        if file := _file(repo, commit, row):
            split = split_model(Path(file.path))
            groups.setdefault(str(split.first) if split else file.path, []).append(file)
    found = [
        RemoteModel(whole, quant_in(first), license_name)
        for first, files in groups.items()
        if (whole := _whole(split_model(Path(first)), files))
    ]
    return tuple(sorted(found, key=lambda model: (model.size, model.files[0].path)))


def _file(repo: str, commit: str, row: Row) -> RemoteFile | None:
    """A file that may be a model, or a part of one; an empty one is none."""
    if row.type != "file" or not row.lfs or not row.lfs.size:
        return None
    if not is_model_path(row.path) or _NO_CHAT.search(row.path):
        return None
    return RemoteFile(repo, commit, row.path, checked_size(row.lfs.size), checked_sha256(row.lfs.oid))


def _whole(split: SplitModel | None, files: list[RemoteFile]) -> tuple[RemoteFile, ...]:
    """All parts in their order; empty when one is missing."""
    if not split:
        return tuple(files)
    by_path = {file.path: file for file in files}
    if len(by_path) != split.count:
        return ()
    return tuple(by_path[str(part)] for part in split.parts())
