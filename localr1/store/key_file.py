"""The file that holds the sealed key of an encrypted database, beside it.

Whether the database is encrypted, its own first bytes say: a key beside a plain one means nothing.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from localr1.errors import DatabaseError
from localr1.regular_file import is_there, open_regular
from localr1.store.failures import translated
from localr1.store.files import key_file, real_path, sync_directory
from localr1.store.header import is_plain
from localr1.store.sealed_key import DatabaseKey, SealedKey
from localr1.store.wiping import wiped
from localr1.whole_file import write_whole

_SIZE_LIMIT = 4096
"""Bytes."""


def is_encrypted(path: Path) -> bool:
    """Whether a database opens with its key only; raises DatabaseError where that can't be found out."""
    path = real_path(path)
    with translated(path):
        return is_there(key_file(path)) and path.is_file() and not is_plain(path)


def read_key(path: Path, passphrase: str) -> DatabaseKey:
    """The key of an encrypted database; raises WrongPassphraseError. It takes a moment."""
    return _read(key_file(real_path(path))).open(passphrase)


def write_key(path: Path, sealed: SealedKey) -> None:
    """Put a sealed key beside the database, or in the place of the one there, in one step."""
    file = key_file(path)
    with wiped(file):
        write_whole(file, msgspec.json.encode(sealed))
        sync_directory(path)


def copy_key(source: Path, target: Path) -> None:
    """Let one database have the sealed key of another, which is the same as this one."""
    write_key(target, _read(key_file(source)))


def remove_key(path: Path) -> None:
    """Remove the key of a database that is not encrypted."""
    with wiped(key_file(path)):
        key_file(path).unlink(missing_ok=True)
        sync_directory(path)


def _read(file: Path) -> SealedKey:
    with open_regular(file, DatabaseError) as opened:
        content = opened.read(_SIZE_LIMIT)
    try:
        return msgspec.json.decode(content, type=SealedKey)
    except (msgspec.DecodeError, ValueError):
        raise DatabaseError(
            f"{file} is damaged.",
            hint="Put it back from a backup of your disk: without it nobody can read the chats.",
        ) from None
