"""localr1 chats: the history on the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from localr1.cli.lazy_group import LazyGroup
from localr1.cli.parameter_types import WholeRange
from localr1.cli.passphrase import key_options
from localr1.cli.saved_chats import opened_chats

if TYPE_CHECKING:
    from localr1.store.chat import Chat

COMMANDS = {
    "search": "localr1.cli.chat_search:search",
    "export": "localr1.cli.chat_export:export",
    "import": "localr1.cli.chat_import:import_chats",
    "delete": "localr1.cli.delete:delete",
    "forget": "localr1.cli.forget:forget",
    "backup": "localr1.cli.backup:backup",
    "backups": "localr1.cli.backup:list_all",
    "restore": "localr1.cli.restore:restore",
}
EPILOG = """\b
Examples:
  localr1 chats list
  localr1 chats show 12 --thinking
  localr1 chats search heat pump --after 2026-01-01
  localr1 chats export 12 --format html > chat.html
  localr1 chats import conversations.zip
  localr1 ask --chat 12 "and times 3?"
  localr1 chats delete --before 2026-01-01
  localr1 chats restore                  go back to the newest backup
"""


@click.group(cls=LazyGroup, places=COMMANDS, alone="list", epilog=EPILOG)
def chats() -> None:
    """List, read, search, export, import, delete and back up the chats kept on this machine.

    Without a command, they are listed.
    """


@chats.command("list")
@key_options
@click.option("-n", "--limit", type=WholeRange(min=1), metavar="N", help="At most N, the newest.")
def list_chats(limit: int | None) -> None:
    """List the chats, the newest first."""
    with opened_chats() as store:
        found = store.list(limit)
    if not found:
        click.echo("No chats yet. `localr1` starts one.", err=True)
        return
    print_chats(found)


@chats.command("show")
@click.argument("chat_id", type=WholeRange(min=1), metavar="ID")
@key_options
@click.option("--thinking", is_flag=True, help="Show the thinking too.")
def show(chat_id: int, thinking: bool) -> None:
    """Print a chat."""
    from localr1.cli.transcript import transcript_lines

    with opened_chats() as store:
        chat, messages = store.get(chat_id), store.branch(chat_id)
    for line in transcript_lines(chat, messages, thinking=thinking):
        click.echo(line)


def print_chats(found: Sequence[Chat], *, err: bool = False) -> None:
    """A table of chats."""
    from localr1.cli.table import room_on, table_lines

    rows = [
        (str(chat.id), _when(chat.updated_at), str(chat.messages), chat.model, chat.title or "(untitled)")
        for chat in found
    ]
    if rows:
        header = ("ID", "LAST MESSAGE", "MESSAGES", "MODEL", "TITLE")
        room = room_on(sys.stderr if err else sys.stdout)
        for line in table_lines(header, rows, right=(0, 2), room=room, spare=(2, 3, 1)):
            click.echo(line, err=err)


def _when(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp).astimezone().strftime("%Y-%m-%d %H:%M")
