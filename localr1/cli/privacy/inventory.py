"""Every file and directory that localr1 has, and whether others can get at it."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from localr1.cli.privacy.kinds import Kind, chats, kinds, passing
from localr1.paths import Paths

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""What nobody but the owner needs."""
DIRECTORY = "directory"
UNKNOWN = "not localr1's"


class Item(msgspec.Struct, frozen=True):
    """A file or directory as it lies on the disk."""

    kind: str
    path: Path
    rights: str
    """Octal, of four digits."""
    owner: str
    size: int
    """Bytes; 0 for a directory."""
    private: bool
    """It belongs to whoever runs this, and nobody else has any right to it."""
    link: bool = False


def inventory(paths: Paths) -> list[Item]:
    """What there is, sorted by its path; links are not followed."""
    known = kinds(paths)
    found = {path: _kind_of(path, known) for root in _roots(paths) for path in _walk(root)}
    found |= {path: _kind_of(path, known) for kind in chats(paths) for path in kind.files()}
    found |= {path: passing().name for path in _passing()}
    return [item for path in sorted(found) for item in _looked_at(path, found[path])]


def make_private(items: list[Item]) -> list[Path]:
    """Take away what others may do with those of localr1; gives back what is not ours to change."""
    stubborn = []
    for item in (item for item in items if item.kind != UNKNOWN):
        try:
            item.path.chmod(int(item.rights, 8) & ~OTHERS)
        except OSError:
            stubborn.append(item.path)
    return stubborn


def _roots(paths: Paths) -> set[Path]:
    """The models' directory may be a link to another disk."""
    return {paths.config, paths.data, paths.models, paths.cache, paths.state}


def _walk(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield root
    for directory, folders, files in os.walk(root):
        yield from (Path(directory, name) for name in (*folders, *files))


def _passing() -> Iterator[Path]:
    """Ours: others may run localr1 on this machine as well."""
    for path in passing().files():
        with suppress(OSError):
            if path.lstat().st_uid == os.geteuid():
                yield path


def _kind_of(path: Path, known: tuple[Kind, ...]) -> str:
    if path.is_dir():
        return DIRECTORY
    return next((kind.name for kind in known if kind.has(path)), UNKNOWN)


def _looked_at(path: Path, kind: str) -> Iterator[Item]:
    """Nothing for what has just gone."""
    with suppress(FileNotFoundError):
        found = path.lstat()
        link = stat.S_ISLNK(found.st_mode)
        mine = found.st_uid == os.geteuid()
        yield Item(
            kind,
            path,
            f"{stat.S_IMODE(found.st_mode):04o}",
            _name_of(found.st_uid),
            0 if path.is_dir() else found.st_size,
            link or (mine and not found.st_mode & OTHERS),
            link,
        )


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
