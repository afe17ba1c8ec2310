"""localr1 chats export: chats as text, pages or JSON."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from localr1.cli.chat_choice import Chosen, filter_options
from localr1.cli.parameter_types import WholeRange
from localr1.cli.passphrase import key_options
from localr1.cli.saved_chats import opened_chats
from localr1.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from localr1.store.chat import Chat
    from localr1.store.chats import Chats

EPILOG = """\b
Examples:
  localr1 chats export 12                             as Markdown
  localr1 chats export 12 --format html -o chat.html  a page
  localr1 chats export --all --format json -o all.json
  localr1 chats export --tag work --after 2026-01-01 -o folder/

JSON holds all there is of a chat, for `localr1 chats import`: every branch, thinking,
statistics, options. The other formats hold the branch that is shown, and thinking only
when it is asked for."""


@click.command(epilog=EPILOG)
@click.argument("ids", nargs=-1, type=WholeRange(min=1), metavar="[ID]...")
@key_options
@click.option("--all", "everything", is_flag=True, help="Every chat.")
@filter_options
@click.option(
    "--format",
    "kind",
    type=click.Choice(["markdown", "html", "json"]),
    default="markdown",
    show_default=True,
)
@click.option("--thinking/--no-thinking", default=None, help="With the thinking; a page folds it.")
@click.option(
    "-o", "--output", metavar="PATH", help="A new file, or a folder that gets a new file for each chat."
)
def export(
    ids: tuple[int, ...],
    *,
    everything: bool,
    tags: tuple[str, ...],
    models: tuple[str, ...],
    after: datetime | None,
    before: datetime | None,
    kind: str,
    thinking: bool | None,
    output: str | None,
) -> None:
    """Write chats to standard output, to a file, or into a folder."""
    chosen = Chosen(tags, models, after, before)
    if (bool(ids) + everything + bool(chosen)) != 1:
        raise UsageError(
            "Say which chats: by their ids, by --tag, --after and the like, or --all; one of these.",
            hint="`localr1 chats list` shows those there are.",
        )
    with opened_chats() as chats:
        found = [chats.get(chat_id) for chat_id in dict.fromkeys(ids)] if ids else _choose(chats, chosen)
        if not found:
            click.echo("There is no such chat.", err=True)
        if not found and kind == "markdown":
            return
        _write(chats, found, kind, kind == "json" if thinking is None else thinking, output)


def _choose(chats: Chats, chosen: Chosen) -> list[Chat]:
    """The newest first."""
    ids = {chat.id for chat in chats.shelf.page(0, -1, chosen.among)}
    return [chat for chat in chats.list() if chat.id in ids and chat.updated_at in chosen.span]


def _write(chats: Chats, found: Sequence[Chat], kind: str, thinking: bool, output: str | None) -> None:
    from localr1.chat.export_file import proposed_file, write_pieces, written_path
    from localr1.chat.exporting import Form, exported

    form = Form(kind)
    if output and (output.endswith("/") or written_path(output).is_dir()):
        folder = written_path(output)
        _make(folder)
        for chat in found:
            path = proposed_file(chat.title, folder, form.suffix)
            write_pieces(path, exported(chats, [chat], form, thinking=thinking))
    elif form is Form.HTML and len(found) != 1:
        raise UsageError("A page holds one chat.", hint="-o FOLDER/ takes a page for each of them.")
    elif output:
        write_pieces(written_path(output), exported(chats, found, form, thinking=thinking))
    else:
        _print(exported(chats, found, form, thinking=thinking))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = "is a file, not a folder" if folder.is_file() else "can't be made"
        raise UsageError(f"{folder} {reason}.", hint="Choose another place.") from error


def _print(pieces: Iterator[str]) -> None:
    """In a pipe as it was written; a terminal gets no control characters of a model."""
    from localr1.safe_text import safe_text

    for piece in pieces:
        shown = safe_text(piece) if sys.stdout.isatty() else piece
        click.echo(shown.encode("utf-8", "replace"), nl=False)
