"""localr1 chats: the history on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from localr1.cli.passphrase import key_options

if TYPE_CHECKING:
    from localr1.store.chats import Chats

EPILOG = """\b
Examples:
  localr1 chats list
  localr1 chats show 12 --thinking
  localr1 chats export 12 --format html > chat.html
  localr1 ask --chat 12 "and times 3?"
"""


@click.group(epilog=EPILOG)
def chats() -> None:
    """List, read and export the chats kept on this machine."""


@chats.command("list")
@key_options
@click.option("-n", "--limit", type=click.IntRange(min=1), metavar="N", help="At most N, the newest.")
def list_chats(limit: int | None) -> None:
    """List the chats, the newest first."""
    from localr1.cli.table import table_lines

    with _open_chats() as store:
        rows = [
            (str(chat.id), _when(chat.updated_at), str(chat.messages), chat.model, chat.title or "(untitled)")
            for chat in store.list(limit)
        ]
    if not rows:
        click.echo("No chats yet. `localr1` starts one.", err=True)
        return
    for line in table_lines(("ID", "LAST MESSAGE", "MESSAGES", "MODEL", "TITLE"), rows, right=(0, 2)):
        click.echo(line)


@chats.command("show")
@click.argument("chat_id", type=click.IntRange(min=1), metavar="ID")
@key_options
@click.option("--thinking", is_flag=True, help="Show the thinking too.")
def show(chat_id: int, thinking: bool) -> None:
    """Print a chat."""
    from localr1.cli.transcript import transcript_lines

    with _open_chats() as store:
        chat, messages = store.get(chat_id), store.branch(chat_id)
    for line in transcript_lines(chat, messages, thinking=thinking):
        click.echo(line)


@chats.command("export")
@click.argument("chat_id", type=click.IntRange(min=1), metavar="ID")
@key_options
@click.option(
    "--format", "kind", type=click.Choice(["markdown", "html"]), default="markdown", show_default=True
)
@click.option("--thinking", is_flag=True, help="With the thinking; a page folds it.")
def export(chat_id: int, kind: str, thinking: bool) -> None:
    """Write a chat to standard output, as text in Markdown or as a page that needs nothing else."""
    from localr1.chat.export import to_markdown
    from localr1.chat.page import to_html

    with _open_chats() as store:
        chat, messages = store.get(chat_id), store.branch(chat_id)
    write = to_html if kind == "html" else to_markdown
    click.echo(write(chat.title, messages, thinking=thinking).encode("utf-8", "replace"), nl=False)


@contextmanager
def _open_chats() -> Iterator[Chats]:
    from localr1.cli.passphrase import find_key
    from localr1.paths import find_paths
    from localr1.saved_states import SavedStates
    from localr1.store.chats import Chats
    from localr1.store.database import Database
    from localr1.store.tidying import tidied

    paths = find_paths()
    states = SavedStates(paths.saved_states)
    with closing(Database.open(paths.database, key=find_key(paths))) as database, tidied(database, states):
        yield Chats(database)


def _when(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp).astimezone().strftime("%Y-%m-%d %H:%M")
