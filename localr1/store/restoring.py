"""Putting a backup back: checked first, in one step, and with what was there before kept beside it.

A kill at any moment leaves the database as it was, or as it was in the backup. Where the store is encrypted,
so is what is put back, whatever the backup was.
"""

from __future__ import annotations

import shutil
import time
from contextlib import closing, suppress
from pathlib import Path

from localr1.errors import DamagedError, DatabaseError
from localr1.paths import PRIVATE_FILE, make_private_directory
from localr1.store.backups import backup_path, replaced_name
from localr1.store.copying import check_copy
from localr1.store.driver import BUSY_TIMEOUT, connect
from localr1.store.encryption import rewrite
from localr1.store.failures import translated
from localr1.store.files import (
    copy_file,
    family,
    key_file,
    name_twice,
    real_path,
    sync_directory,
)
from localr1.store.header import check_encrypted, check_header, check_version, is_ours, is_plain
from localr1.store.key_file import copy_key
from localr1.store.migrations import MIGRATIONS
from localr1.store.sealed_key import DatabaseKey
from localr1.store.use import used_alone
from localr1.store.wiping import erase


def restore(
    path: Path,
    backup: Path,
    *,
    key: DatabaseKey | None = None,
    backup_key: DatabaseKey | None = None,
    timeout: float = BUSY_TIMEOUT,
) -> Path | None:
    """Put a backup in the place of the database, each with its key; where the one before, if any, lies now.

    Raises DatabaseError, with nothing changed, while another program uses the database, and for what is no
    whole backup, or a newer localr1's.
    """
    path = real_path(path)
    copy = copy_file(path)
    make_private_directory(path.parent)
    with translated(path), used_alone(path, timeout):
        try:
            _copy_files(backup, copy)
            _check(backup, copy, backup_key)
            if key and key != backup_key:
                rewrite(copy, backup_key, key)
            elif key_file(backup).exists():
                copy_key(backup, path)
            replaced = _set_aside(path, key)
            copy.replace(path)
            sync_directory(path)
        finally:
            for file in family(copy):
                erase(file)
    return replaced


def encrypts(path: Path) -> bool:
    """Whether what is put in the place of a database will be encrypted with the key beside it."""
    return key_file(path).exists() and not (path.is_file() and is_plain(path))


def key_holder(path: Path, backup: Path) -> Path | None:
    """Whose sealed key opens a backup: its own, that of the database, or none, as it is plain.

    Raises DatabaseError for a file that is neither plain nor has a key.
    """
    if is_plain(backup):
        return None
    for holder in (backup, path):
        if key_file(holder).exists():
            return holder
    raise _not_whole(backup)


def _copy_files(backup: Path, copy: Path) -> None:
    """Take the bytes, and those of a log: the backup itself may lie where nothing can be written."""
    for file in family(copy):
        erase(file)
    for source, target in zip(family(backup)[:2], family(copy)[:2], strict=True):
        if source == backup or source.exists():
            target.touch(PRIVATE_FILE)
            shutil.copyfile(source, target)


def _check(backup: Path, copy: Path, key: DatabaseKey | None) -> None:
    """Read all of a copy that was made; leaving WAL puts it into one file."""
    newest = len(MIGRATIONS)
    if not key and not is_ours(backup):
        raise _not_whole(backup)
    try:
        with translated(copy):
            check_encrypted(copy) if key else check_header(backup, newest)
            check_copy(copy, backup, key)
            with closing(connect(copy, key=key)) as connection:
                [(version,)] = connection.execute("pragma user_version").fetchall()
                connection.execute("pragma journal_mode = delete").fetchall()
    except DamagedError:
        raise _not_whole(backup) from None
    check_version(backup, version, newest)


def _not_whole(backup: Path) -> DatabaseError:
    return DatabaseError(
        f"{backup.name} is not a whole backup, and was not put back.",
        hint="`localr1 chats backups` lists what there is.",
    )


def _set_aside(path: Path, key: DatabaseKey | None) -> Path | None:
    """Give the database a second name, under which it stays; a log of it goes along."""
    if not path.exists():
        return None
    _settle(path, key)
    replaced = backup_path(path, replaced_name(time.time()))
    replaced.unlink(missing_ok=True)
    name_twice(path, replaced)
    for log, place in zip(family(path)[1:3], family(replaced)[1:3], strict=True):
        if log.exists():
            log.replace(place)
    sync_directory(path)
    return replaced


def _settle(path: Path, key: DatabaseKey | None) -> None:
    """Put the log into a database that can still be read; one that can't stays as it is."""
    with suppress(DatabaseError), translated(path):
        check_encrypted(path) if key else check_header(path, len(MIGRATIONS))
        with closing(connect(path, key=key)) as connection:
            connection.execute("pragma journal_mode = delete").fetchall()
