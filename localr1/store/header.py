"""What the first 100 bytes of a file say: a database of localr1 that this version knows, or not."""

from __future__ import annotations

from pathlib import Path

from localr1.errors import DatabaseError
from localr1.store.failures import damaged, translated
from localr1.store.files import key_file, write_ahead_log

APPLICATION_ID = 0x4C52_3144
"""Marks a SQLite file as localr1's: the letters LR1D."""

MAGIC = b"SQLite format 3\0"
"""How every plain database begins."""
_SIZE = 100
_ENCRYPTED_PAGE = 4096
"""Bytes of a page of SQLCipher 4."""


def is_plain(path: Path) -> bool:
    """Whether a file begins as a database does that is not encrypted; raises DatabaseError."""
    with translated(path), path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def is_ours(path: Path) -> bool:
    """Whether a file that is not encrypted is marked as localr1's; raises DatabaseError."""
    with translated(path), path.open("rb") as file:
        return _is_marked(file.read(_SIZE))


def check_header(path: Path, newest: int) -> None:
    """Refuse, before SQLite could touch it, any file but localr1's at schema version `newest` or below."""
    if not path.is_file():
        raise DatabaseError(
            f"{path} is not a file.", hint="Move it away; localr1 keeps its chats under this name."
        )
    with path.open("rb") as file:
        header = file.read(_SIZE)
    if not header:
        raise damaged(path, "is empty")
    if len(header) < _SIZE or not header.startswith(MAGIC):
        raise damaged(path, f"is damaged or not a database{_or_encrypted(path)}")
    if _is_cut_short(path, int.from_bytes(header[16:18], "big")):
        raise damaged(path, "has been cut short")
    if not _is_marked(header):
        raise DatabaseError(
            f"{path} is the database of another program.",
            hint="Move it away, or set LOCALR1_HOME to another directory.",
        )
    check_version(path, int.from_bytes(header[60:64], "big"), newest)


def _is_marked(header: bytes) -> bool:
    return int.from_bytes(header[68:72], "big") == APPLICATION_ID


def _or_encrypted(path: Path) -> str:
    """What else may be wrong with a file that could be made of encrypted pages."""
    whole = path.stat().st_size % _ENCRYPTED_PAGE == 0
    return f", or it is encrypted and its key, {key_file(path).name}, is missing" if whole else ""


def check_encrypted(path: Path) -> None:
    """Refuse an encrypted file that is not made of whole pages; what is in them, only the key can tell."""
    if not path.stat().st_size:
        raise damaged(path, "is empty")
    if _is_cut_short(path, _ENCRYPTED_PAGE):
        raise damaged(path, "has been cut short")


def _is_cut_short(path: Path, page_size: int) -> bool:
    """Whether the file ends inside a page, which SQLite would fill with zeros; a log could mend that."""
    log = write_ahead_log(path)
    return path.stat().st_size % max(page_size, 1) != 0 and not (log.exists() and log.stat().st_size > 0)


def check_version(path: Path, version: int, newest: int) -> None:
    """Refuse a schema that only a newer localr1 knows."""
    if version > newest:
        raise DatabaseError(
            f"{path} was written by a newer localr1 (schema {version}; this one knows up to {newest}).",
            hint="Update localr1. The file stays untouched.",
        )
