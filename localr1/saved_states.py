"""What was evaluated of each chat, kept on the disk for the next start: its files, and when they go.

The engine writes and reads them. They are the text of the chats in another form, and go when it does.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

UNFINISHED_SECONDS = 600.0
"""A file has been written by then, or whoever wrote it has died."""
DISK_SHARE = 4
"""A file takes no more than one part in so many of the room that is free on the disk."""
_NAME = re.compile(r"\.?(\d+)-([0-9a-f]{16})\.state")
"""The id of a chat and the key of a model; a dot before it while it is being written."""


class SavedStates:
    """One file for each chat and model; what can't be removed now is removed the next time."""

    def __init__(
        self,
        directory: Path,
        clock: Callable[[], float] = time.time,
        remove: Callable[[Path], None] = Path.unlink,
    ) -> None:
        """`remove` takes a file away."""
        self._directory = directory
        self._clock = clock
        self._remove = remove

    def place(self, chat_id: int, model: str) -> Path:
        """Where the state of a chat is, or would be; `model` is the identity of its file."""
        return self._directory / f"{chat_id}-{_key(model)}.state"

    def forget_chat(self, chat_id: int) -> None:
        """Remove what is there of a chat."""
        self._forget(lambda chat, _: chat == chat_id)

    def forget_model(self, model: str) -> None:
        """Remove what only a model could use that is gone."""
        key = _key(model)
        self._forget(lambda _, of_model: of_model == key)

    def keep_only(self, existing: Callable[[set[int]], set[int]]) -> None:
        """Remove what is there of chats that do not exist, and what was never finished."""
        files = dict(self._files())
        if files:
            chats = {chat for chat, _ in files.values()}
            gone = chats - existing(chats)
            self._forget(lambda chat, _: chat in gone)
            for file in files:
                if file.name.startswith(".") and self._clock() - _used_at(file) > UNFINISHED_SECONDS:
                    self._drop(file)

    def clear(self) -> None:
        """Remove all of them."""
        self._forget(lambda _chat, _model: True)

    def _forget(self, is_meant: Callable[[int, str], bool]) -> None:
        for file, (chat_id, model) in self._files():
            if is_meant(chat_id, model):
                self._drop(file)

    def _drop(self, file: Path) -> None:
        with suppress(OSError):
            self._remove(file)

    def _files(self) -> Iterator[tuple[Path, tuple[int, str]]]:
        """Each file with the id of its chat and the key of its model."""
        for file in _listed(self._directory):
            if match := _NAME.match(file.name):
                yield file, (int(match[1]), match[2])


def make_room(file: Path, size: int, limit: int) -> bool:
    """Remove what was used longest ago until a file of this size and the others keep to the limit.

    False, and nothing is removed, where that is not possible.
    """
    try:
        if size > min(limit, shutil.disk_usage(file.parent).free // DISK_SHARE):
            return False
    except OSError:
        return False
    others = sorted((other for other in _listed(file.parent) if other != file), key=_used_at)
    sizes = {other: _size(other) for other in others}
    for other in others:
        if sum(sizes.values()) + size <= limit:
            break
        with suppress(OSError):
            other.unlink()
        del sizes[other]
    return True


def _listed(directory: Path) -> list[Path]:
    try:
        return list(directory.iterdir())
    except OSError:
        return []


def _size(file: Path) -> int:
    with suppress(OSError):
        return file.lstat().st_size
    return 0


def _used_at(file: Path) -> float:
    """Seconds since 1970."""
    with suppress(OSError):
        return file.lstat().st_mtime
    return 0.0


def _key(model: str) -> str:
    return hashlib.sha256(model.encode()).hexdigest()[:16]
