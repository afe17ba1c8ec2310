"""localr1 chats delete: chats that shall be gone for good."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from localr1.cli.parameter_types import Date, WholeRange
from localr1.cli.passphrase import key_options
from localr1.cli.saved_chats import opened_chats

if TYPE_CHECKING:
    from localr1.store.chat import Chat

EPILOG = """\b
Examples:
  localr1 chats delete 12 13
  localr1 chats delete --before 2026-01-01
  localr1 chats delete --tag work --before 2026-01-01
  localr1 chats delete --all --yes

--before and --tag together mean the chats that are both. Nothing of a deleted chat
stays: not in the database, its log and its search index, and not in the backups
that localr1 made. In the chat, Ctrl+O deletes as well, and u brings back."""
SHOWN = 10
"""Chats named before the question."""


@click.command(epilog=EPILOG)
@click.argument("chat_ids", nargs=-1, type=WholeRange(min=1), metavar="[ID]...")
@click.option("--all", "every", is_flag=True, help="Every chat, pinned ones too, and all drafts.")
@click.option(
    "--before",
    type=Date(),
    metavar="DATE",
    help="Chats whose last message is older, as in 2026-01-31.",
)
@click.option("--tag", metavar="TAG", help="Chats with this tag.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@key_options
def delete(
    *, chat_ids: tuple[int, ...], every: bool, before: datetime | None, tag: str | None, yes: bool
) -> None:
    """Delete chats for good, after saying which."""
    from localr1.cli.confirmation import confirm
    from localr1.errors import UsageError
    from localr1.wording import plural

    if sum((bool(chat_ids), every, bool(before or tag))) != 1:
        raise UsageError(
            "Say which chats: by their numbers, by --before and --tag, or --all.",
            hint="`localr1 chats list` shows those there are.",
        )
    with opened_chats() as chats:
        if chat_ids:
            chosen = [chats.get(chat_id) for chat_id in dict.fromkeys(chat_ids)]
        else:
            chosen = [chat for chat in chats.list() if _is_meant(chat, before, tag)]
        if not (chosen or every):
            click.echo("There is no such chat.", err=True)
            return
        _show(chosen)
        if not (yes or confirm(f"Delete {plural(len(chosen), 'chat')} for good?", option="--yes")):
            click.echo("Nothing was deleted.", err=True)
            return
        chats.deletions.everything() if every else chats.delete(*(chat.id for chat in chosen))
    click.echo(f"Deleted {plural(len(chosen), 'chat')}.", err=True)


def _is_meant(chat: Chat, before: datetime | None, tag: str | None) -> bool:
    if before and chat.updated_at >= before.timestamp():
        return False
    return not tag or tag.lstrip("#").lower() in chat.tags


def _show(chats: list[Chat]) -> None:
    """Say which chats those are, as far as there is room for them."""
    from localr1.cli.chats import print_chats

    print_chats(chats[:SHOWN], err=True)
    if len(chats) > SHOWN:
        click.echo(f"… and {len(chats) - SHOWN:,} more", err=True)
