"""Copying a database while others use it: whole, checked, and under its name only then."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from localr1.errors import DatabaseError
from localr1.store.backups import backup_path
from localr1.store.driver import Connection, connect
from localr1.store.failures import damaged
from localr1.store.files import family, new_file, sync_directory
from localr1.store.header import APPLICATION_ID
from localr1.store.sealed_key import DatabaseKey

_STEP = 1024
"""Pages copied in one step: 4 MiB."""
_CHECK_STEP = 10_000
"""Instructions of SQLite between two questions whether to give up."""


class ChangedError(Exception):
    """Somebody wrote into the database while it was copied, and the copy would begin anew."""


def back_up(path: Path, name: str, key: DatabaseKey | None = None) -> Path:
    """Make the backup of this name, with the key of the database; raises the driver's errors."""
    return write_copy(path, backup_path(path, name), key, drafts=True)


def write_copy(
    path: Path,
    target: Path,
    key: DatabaseKey | None = None,
    give_up: Callable[[], bool] | None = None,
    *,
    drafts: bool = False,
) -> Path:
    """Copy what is committed and put the copy, once it is whole, under the name of `target`.

    What a kill has left beside an older one of that name goes, as SQLite would take it for the new one's log.
    Without `drafts`, what was written and never sent is in no file but the database.

    With `give_up` it is copied in steps that keep nobody from writing: ChangedError is raised where somebody
    did, and whenever `give_up` says so.
    """
    began = time.time()
    with new_file(target) as new:
        with closing(connect(path, key=key)) as source, closing(connect(new, key=key)) as copy:
            copy.execute("pragma journal_mode = off").fetchall()
            _copy(source, copy, give_up)
            if not drafts:
                copy.execute("delete from draft")
        check_copy(new, path, key, give_up)
        _sync(new)
        os.utime(new, (began, began))
        for left in family(target)[1:]:
            left.unlink(missing_ok=True)
        new.replace(target)
        sync_directory(target)
    return target


def check_copy(
    copy: Path, original: Path, key: DatabaseKey | None, give_up: Callable[[], bool] | None = None
) -> None:
    """Read every page of a copy; where they don't make a database, raises the original's DamagedError."""
    with closing(connect(copy, key=key)) as connection:
        if give_up:
            connection.set_progress_handler(give_up, _CHECK_STEP)
        found = connection.execute("pragma quick_check(1)").fetchall()
        [(application_id,)] = connection.execute("pragma application_id").fetchall()
    if found != [("ok",)]:
        raise damaged(original, "is damaged")
    if application_id != APPLICATION_ID:  # the copy was taken away, and SQLite made an empty one in its place
        raise DatabaseError(f"{original} changed while it was copied.", hint="Try it again.")


def _copy(source: Connection, copy: Connection, give_up: Callable[[], bool] | None) -> None:
    if give_up is None:
        source.backup(copy)
        return
    left = 0

    def step(status: int, remaining: int, total: int) -> None:
        nonlocal left
        if give_up() or (left and remaining >= left):
            raise ChangedError
        left = remaining

    source.backup(copy, pages=_STEP, progress=step)


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
