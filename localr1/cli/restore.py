"""localr1 chats restore: go back to a backup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from localr1.cli.passphrase import key_options

if TYPE_CHECKING:
    from localr1.paths import Paths
    from localr1.store.sealed_key import DatabaseKey

EPILOG = """\b
Examples:
  localr1 chats restore                the newest backup
  localr1 chats restore 2026-11-21     one of `localr1 chats backups`
  localr1 chats restore ~/chats.db     one that you made

The backup is read from its first to its last page before it takes the place of the
chats. What was there stays beside it, as a backup too."""


@click.command(epilog=EPILOG)
@click.argument("which", required=False, metavar="[NAME|FILE]")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@key_options
def restore(which: str | None, yes: bool) -> None:
    """Put a backup in the place of the chats."""
    from localr1.cli.confirmation import confirm
    from localr1.paths import find_paths
    from localr1.safe_text import safe_line
    from localr1.store.files import real_path
    from localr1.store.restoring import restore as put_back

    paths = find_paths()
    database = real_path(paths.database)
    backup = _find(database, which)
    question = f"Put {safe_line(backup.name)} in the place of all chats there are now?"
    if not (yes or confirm(question, option="--yes")):
        click.echo("Nothing was changed.", err=True)
        return
    key, backup_key = _keys(paths, backup)
    replaced = put_back(database, backup, key=key, backup_key=backup_key)
    click.echo(f"The chats are those of {safe_line(backup.name)} now.")
    if replaced:
        click.echo(f"Those from before are in {safe_line(replaced.name)}, beside them.")


def _find(database: Path, which: str | None) -> Path:
    """The file that is meant; raises UsageError where there is none."""
    from localr1.errors import UsageError
    from localr1.regular_file import is_regular
    from localr1.store.backups import list_backups, newest_backup

    hint = "`localr1 chats backups` lists those that there are."
    if which is None:
        if newest := newest_backup(database):
            return newest.path
        raise UsageError("There is no backup of the chats.", hint="Name a FILE that is one, if you have it.")
    for each in list_backups(database):
        if which in (each.name, each.path.name):
            return each.path
    if not is_regular(file := Path(which).absolute()):
        raise UsageError(f"There is no backup {which[:60]!r}, nor such a file.", hint=hint)
    if database.exists() and file.samefile(database):
        raise UsageError("These are the chats themselves.", hint=hint)
    return file


def _keys(paths: Paths, backup: Path) -> tuple[DatabaseKey | None, DatabaseKey | None]:
    """That of the store, if it is encrypted, and that of the backup."""
    from localr1.cli.passphrase import find_key_of
    from localr1.store.files import real_path
    from localr1.store.restoring import encrypts, key_holder

    database = real_path(paths.database)
    key = find_key_of(database, paths) if encrypts(database) else None
    match key_holder(database, backup):
        case None:
            return key, None
        case holder if holder == database and key:
            return key, key
        case holder:
            return key, find_key_of(holder, paths)
