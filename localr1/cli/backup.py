"""localr1 chats backup and backups: copies of all chats, made and listed."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from localr1.cli.passphrase import key_options

if TYPE_CHECKING:
    from localr1.store.backups import Backup

EPILOG = """\b
Examples:
  localr1 chats backup                 today's backup, made anew
  localr1 chats backup /media/usb/chats.db
  localr1 chats backups                those there are

By itself localr1 makes one a day on which something changed, and keeps those of seven
days. A backup of encrypted chats is encrypted with the same key; FILE.key beside it
belongs to it, and opens with the passphrase of now."""


@click.command(epilog=EPILOG)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@key_options
def backup(file: Path | None) -> None:
    """Copy all chats into a backup, or into a file of yours."""
    from localr1.cli.passphrase import find_key
    from localr1.cli.path_output import print_path
    from localr1.paths import find_paths
    from localr1.store.database import Database
    from localr1.store.manual_backup import back_up_now, back_up_to

    paths = find_paths()
    if file:
        _require_absent(file)
    with closing(Database.open(paths.database, key=find_key(paths))) as database:
        print_path(back_up_to(database, file.absolute()) if file else back_up_now(database))


@click.command("backups")
def list_all() -> None:
    """List the backups of the chats, the newest first."""
    from localr1.cli.table import room_on, table_lines
    from localr1.paths import find_paths
    from localr1.store.backups import list_backups
    from localr1.store.files import real_path
    from localr1.units import size_text

    found = list_backups(real_path(find_paths().database))
    if not found:
        click.echo("No backups yet. `localr1 chats backup` makes one.", err=True)
        return
    rows = [(each.name, _when(each), size_text(each.size), _what(each)) for each in found]
    header, room = ("NAME", "AS OF", "SIZE", "MADE"), room_on(sys.stdout)
    for line in table_lines(header, rows, right=(2,), room=room, spare=(1, 2)):
        click.echo(line)


def _require_absent(file: Path) -> None:
    from localr1.errors import UsageError
    from localr1.regular_file import is_free, is_there, require_regular
    from localr1.store.files import key_file

    if not is_free(file):
        require_regular(file, UsageError)
    for each in (file, key_file(file)):
        if is_there(each):
            raise UsageError(
                f"{each} is there already, and a backup never overwrites a file.", hint="Name another one."
            )


def _when(backup: Backup) -> str:
    return datetime.fromtimestamp(backup.made_at).astimezone().strftime("%Y-%m-%d %H:%M")


def _what(backup: Backup) -> str:
    if backup.daily:
        return "that day"
    return (
        "when another was restored in its place" if backup.replaced else "before an update changed the chats"
    )
