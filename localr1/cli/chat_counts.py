"""How many chats use a model."""

from __future__ import annotations

from contextlib import closing

import click

from localr1.errors import DatabaseError, LockedError
from localr1.paths import Paths
from localr1.regular_file import is_regular
from localr1.safe_text import safe_text


def chat_counts(paths: Paths) -> dict[str, int]:
    """The chats of each model by its name; a history that can't be read is told, and counts as none."""
    if not is_regular(paths.database):
        return {}
    from localr1.store.chats import Chats
    from localr1.store.database import Database

    try:
        with closing(Database.open(paths.database)) as database:
            return Chats(database).model_counts()
    except (DatabaseError, LockedError) as error:
        click.echo(f"localr1: the chats can't be counted: {safe_text(error.message)}", err=True)
        return {}


def chats_text(count: int) -> str:
    """1 chat uses it, 3 chats use it, no chat uses it."""
    match count:
        case 0:
            return "no chat uses it"
        case 1:
            return "1 chat uses it"
        case _:
            return f"{count:,} chats use it"
