"""Where the passphrase of encrypted chats comes from: a file, a file descriptor, or the user."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from localr1.cli.option_group import option_group
from localr1.cli.parameter_types import WholeRange
from localr1.errors import LockedError, WrongPassphraseError

if TYPE_CHECKING:
    from localr1.paths import Paths
    from localr1.store.sealed_key import DatabaseKey

_KEY_FILE, _KEY_FD = "localr1.key_file", "localr1.key_fd"
"""Where a command's context keeps the options."""
_TRIES = 3


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        if value is not None:
            context.meta[name] = value

    return keep


key_options = option_group(
    click.option(
        "--key-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Read the passphrase of encrypted chats from a file that only you may read.",
        expose_value=False,
        callback=_keep(_KEY_FILE),
    ),
    click.option(
        "--key-fd",
        type=WholeRange(min=0),
        metavar="N",
        help="Read the passphrase of encrypted chats from this file descriptor.",
        expose_value=False,
        callback=_keep(_KEY_FD),
    ),
)
"""Options of every command that opens the chats; they may stand before the command as well."""


def find_key(paths: Paths) -> DatabaseKey | None:
    """The key of the chats, asked for where it is not given; None where they are not encrypted.

    Raises LockedError for a wrong passphrase, at the terminal after three tries.
    """
    from localr1.store.key_file import is_encrypted

    if not is_encrypted(paths.database):
        return None
    return find_given_key(paths) or _ask_for_key(paths.database)


def find_key_of(database: Path, paths: Paths) -> DatabaseKey:
    """The key that lies sealed beside a database, whatever became of that itself; raises as `find_key`."""
    from localr1.store.files import real_path
    from localr1.store.key_file import read_key

    if (passphrase := given_passphrase(paths)) is not None:
        return read_key(database, passphrase)
    return _ask_for_key(database, "the chats" if database == real_path(paths.database) else database.name)


def find_given_key(paths: Paths) -> DatabaseKey | None:
    """The key of encrypted chats where a file or a descriptor gives it; nobody is asked."""
    from localr1.store.key_file import is_encrypted, read_key

    if not is_encrypted(paths.database) or (passphrase := given_passphrase(paths)) is None:
        return None
    return read_key(paths.database, passphrase)


def given_passphrase(paths: Paths) -> str | None:
    """What the descriptor, the file of the option, or that of the setting holds, in this order."""
    from localr1.config_sources import load_config
    from localr1.store.passphrase_file import read_passphrase_file

    options = click.get_current_context().meta
    if (descriptor := options.get(_KEY_FD)) is not None:
        return _read_descriptor(descriptor)
    if file := options.get(_KEY_FILE) or load_config(paths.config_file).key_file:
        return read_passphrase_file(Path(file))
    return None


def _read_descriptor(descriptor: int) -> str:
    from localr1.store.passphrase_file import read_passphrase

    try:
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            return read_passphrase(opened, f"File descriptor {descriptor}")
    except OSError as error:
        raise LockedError(
            f"File descriptor {descriptor} can't be read: {error.strerror}.",
            hint="In a shell: localr1 … --key-fd 3 3< FILE",
        ) from None


def _ask_for_key(path: Path, what: str = "the chats") -> DatabaseKey:
    from localr1.store.key_file import read_key

    for _ in range(_TRIES - 1):
        try:
            return read_key(path, _ask_passphrase(what))
        except WrongPassphraseError as error:
            click.echo(f"localr1: {error.message}", err=True)
    return read_key(path, _ask_passphrase(what))


def _ask_passphrase(what: str) -> str:
    """The passphrase there is, asked for on the terminal."""
    from localr1.cli.hidden_line import read_hidden_line
    from localr1.safe_text import safe_line

    return read_hidden_line(f"Passphrase of {safe_line(what)}: ")


def ask_new_passphrase() -> str:
    """A passphrase that there shall be, typed twice."""
    from localr1.cli.hidden_line import read_hidden_line

    passphrase = read_hidden_line("New passphrase: ")
    if passphrase != read_hidden_line("The same again: "):
        raise LockedError("These were two different passphrases.", hint="Nothing was changed; try again.")
    return passphrase
