"""Encrypting a whole database, decrypting it, and giving it another passphrase.

Each is one step for whoever looks at the disk: a kill at any moment leaves the database as it was, or as it
shall be. What it leaves of a copy goes with the next start.
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from localr1.errors import DatabaseError, UsageError
from localr1.paths import PRIVATE_FILE
from localr1.store.backups import list_backups, unfinished
from localr1.store.driver import BUSY_TIMEOUT, Connection, connect, transaction
from localr1.store.failures import translated
from localr1.store.files import copy_file, family, new_file, real_path, sync_directory, write_ahead_log
from localr1.store.key_file import is_encrypted, remove_key, write_key
from localr1.store.sealed_key import COST, Cost, DatabaseKey, SealedKey
from localr1.store.use import used, used_alone
from localr1.store.wiping import erase, wiped


def encrypt(path: Path, passphrase: str, *, cost: Cost = COST, timeout: float = BUSY_TIMEOUT) -> int:
    """Encrypt a database; how many older backups, which were not, have been erased.

    Raises DatabaseError while another program uses it, UsageError where it is encrypted already.
    """
    path = real_path(path)
    key = DatabaseKey.random()
    sealed = SealedKey.seal(key, passphrase, cost)
    with translated(path), used_alone(path, timeout):
        require_plain(path)
        try:
            write_key(path, sealed)
            return _write_anew(path, None, key)
        finally:
            if not is_encrypted(path):
                remove_key(path)


def decrypt(path: Path, key: DatabaseKey, *, timeout: float = BUSY_TIMEOUT) -> int:
    """Make an encrypted database a plain one; how many backups, whose key goes, have been erased.

    Raises as `encrypt` does.
    """
    path = real_path(path)
    with translated(path), used_alone(path, timeout):
        require_encrypted(path)
        erased = _write_anew(path, key, None)
        remove_key(path)
        return erased


def change_passphrase(
    path: Path, key: DatabaseKey, new: str, *, cost: Cost = COST, timeout: float = BUSY_TIMEOUT
) -> None:
    """Seal the key of a database with another passphrase; raises LockedError for an empty one."""
    path = real_path(path)
    with translated(path), used(path, timeout):
        require_encrypted(path)
        connect(path, key=key).close()
        write_key(path, SealedKey.seal(key, new, cost))


def require_plain(path: Path) -> None:
    """Raises UsageError for an encrypted database."""
    if is_encrypted(path):
        raise UsageError(
            "The chats are encrypted already.", hint="`localr1 lock --change` changes their passphrase."
        )


def require_encrypted(path: Path) -> None:
    """Raises UsageError for a plain database."""
    if not is_encrypted(path):
        raise UsageError("The chats are not encrypted.", hint="`localr1 lock` encrypts them.")


def _write_anew(path: Path, old: DatabaseKey | None, new: DatabaseKey | None) -> int:
    """Put a copy under another key, or none, in the place of the database; the backups erased on the way."""
    copy = copy_file(path)
    for file in family(copy):
        erase(file)
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
    try:
        with wiped(write_ahead_log(path)), closing(connect(path, key=old)) as source:
            _export(source, copy, new)
        _check(copy, new)
        erased = _erase_backups(path)
        with wiped(path):
            copy.replace(path)
            sync_directory(path)
        return erased
    finally:
        for file in family(copy):
            erase(file)


def rewrite(path: Path, old: DatabaseKey | None, new: DatabaseKey) -> None:
    """Encrypt a database that nobody uses under another key, in one step."""
    with new_file(path) as anew:
        with closing(connect(path, key=old)) as source:
            _export(source, anew, new)
        _check(anew, new)
        with wiped(path):
            anew.replace(path)


def _export(source: Connection, copy: Path, key: DatabaseKey | None) -> None:
    """Write everything into an empty file; leaving WAL first finds out whether nobody else has it open."""
    source.execute("pragma journal_mode = delete").fetchall()
    literal = key.literal if key else "''"
    source.execute(f"attach ? as copy key {literal}", [str(copy)])
    source.execute("pragma copy.auto_vacuum = incremental")
    source.execute("pragma copy.journal_mode = off").fetchall()
    with transaction(source):
        source.execute("select sqlcipher_export('copy')").fetchall()
        for name in ("user_version", "application_id"):
            [(value,)] = source.execute(f"pragma main.{name}").fetchall()
            source.execute(f"pragma copy.{name} = {int(value)}")
    source.execute("detach copy")


def _check(copy: Path, key: DatabaseKey | None) -> None:
    """Read every page of the copy before the original goes."""
    with closing(connect(copy, key=key)) as connection:
        found = connection.execute("pragma quick_check").fetchall()
    if found != [("ok",)]:
        raise DatabaseError(
            f"{copy} did not become a whole copy.", hint="Nothing was changed; please report this."
        )


def _erase_backups(path: Path) -> int:
    """Erase every backup, and what a kill may have left of one."""
    backups = list_backups(path)
    for file in (*(file for backup in backups for file in family(backup.path)), *unfinished(path)):
        erase(file)
    sync_directory(path)
    return len(backups)
