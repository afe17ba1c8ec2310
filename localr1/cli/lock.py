"""localr1 lock and unlock: encryption at rest, turned on, off, or to another passphrase."""

from __future__ import annotations

from pathlib import Path

import click

from localr1.cli.passphrase import key_options
from localr1.errors import UsageError

EPILOG = """\b
Examples:
  localr1 lock                       encrypt the chats; asks for a passphrase
  localr1 lock --key-file ~/.phrase  the same with the passphrase in a file
  localr1 lock --change              give them another passphrase
  localr1 unlock                     make them plain again

Encrypted is the whole database: chats, drafts, the index of the search, and the
backups made from then on; older backups are erased. Nobody can bring a forgotten
passphrase back. docs/privacy.md says what encryption does not protect."""


@click.command(epilog=EPILOG)
@click.option("--change", is_flag=True, help="Change the passphrase.")
@click.option("--off", is_flag=True, help="The same as localr1 unlock.")
@click.option(
    "--new-key-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --change: read the new passphrase from this file.",
)
@key_options
def lock(*, change: bool, off: bool, new_key_file: Path | None) -> None:
    """Encrypt the chats with a passphrase, which is asked for at every start from then on."""
    if change and off:
        raise UsageError("--change and --off exclude each other.", hint="Leave one of them out.")
    if new_key_file and not change:
        raise UsageError(
            "--new-key-file belongs to --change.", hint="Without it, --key-file has the passphrase."
        )
    if off:
        _decrypt()
    elif change:
        _change(new_key_file)
    else:
        _encrypt()


@click.command()
@key_options
def unlock() -> None:
    """Make encrypted chats plain again; asks for their passphrase."""
    _decrypt()


def _encrypt() -> None:
    from localr1.cli.passphrase import ask_new_passphrase, given_passphrase
    from localr1.engine.standings import end_all
    from localr1.paths import find_paths
    from localr1.saved_states import SavedStates
    from localr1.store.database import Database
    from localr1.store.encryption import encrypt, require_plain
    from localr1.store.wiping import erase

    paths = find_paths()
    require_plain(paths.database)
    Database.open(paths.database).close()
    passphrase = given_passphrase(paths)
    if passphrase is None:
        click.echo("Nobody can read the chats without their passphrase, nor bring it back.", err=True)
        passphrase = ask_new_passphrase()
    _say_begun("Encrypting", paths.database)
    erased = encrypt(paths.database, passphrase)
    SavedStates(paths.saved_states, remove=erase).clear()
    end_all(paths.runtime)  # an engine that is kept warm holds text of plain chats
    click.echo(f"The chats in {paths.database} are encrypted.")
    _say_erased(erased, "not encrypted")


def _decrypt() -> None:
    from localr1.cli.passphrase import find_key
    from localr1.paths import find_paths
    from localr1.store.encryption import decrypt, require_encrypted

    paths = find_paths()
    require_encrypted(paths.database)
    if key := find_key(paths):
        _say_begun("Decrypting", paths.database)
        erased = decrypt(paths.database, key)
        click.echo(f"The chats in {paths.database} are no longer encrypted.")
        _say_erased(erased, "encrypted with the key that is gone")


def _change(new_key_file: Path | None) -> None:
    from localr1.cli.passphrase import ask_new_passphrase, find_key
    from localr1.paths import find_paths
    from localr1.store.encryption import change_passphrase, require_encrypted
    from localr1.store.passphrase_file import read_passphrase_file

    paths = find_paths()
    require_encrypted(paths.database)
    if key := find_key(paths):
        new = read_passphrase_file(new_key_file) if new_key_file else ask_new_passphrase()
        change_passphrase(paths.database, key, new)
        click.echo("The passphrase of the chats is changed.")


def _say_begun(doing: str, database: Path) -> None:
    """A large database takes a while."""
    from localr1.units import size_text

    size = size_text(database.stat().st_size)
    click.echo(f"{doing} {size}; Ctrl+C stops it and leaves the chats as they were.", err=True)


def _say_erased(count: int, why: str) -> None:
    match count:
        case 0:
            return
        case 1:
            click.echo(f"1 older backup, which was {why}, has been erased.")
        case _:
            click.echo(f"{count:,} older backups, which were {why}, have been erased.")
