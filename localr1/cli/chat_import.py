"""localr1 chats import: the chats of other programs, and of other machines."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from localr1.cli.passphrase import key_options
from localr1.cli.progress.step import Step
from localr1.cli.saved_chats import opened_chats
from localr1.errors import UsageError
from localr1.safe_text import safe_line, safe_text
from localr1.wording import plural

if TYPE_CHECKING:
    from localr1.cli.progress.progress import Progress
    from localr1.importing.bringing import Bringing, Report

EPILOG = """\b
Examples:
  localr1 chats import all.json                      of another localr1
  localr1 chats import conversations.zip             of ChatGPT or Claude
  localr1 chats import ~/.lmstudio/conversations     of LM Studio
  localr1 chats import "$(llm logs path)" --dry-run  what would come

What is there already stays as it is, and of a chat that has grown since, what is new comes:
the same file may be imported again and again. docs/importing.md says what is kept."""


LARGE = 8 * 2**20
"""Bytes of a file that takes so long that it is said how far it has come."""
STDIN = "standard input"


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    name: str = ""
    """What errors call it, where that is not its path."""


@click.command("import", epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@key_options
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Give each new chat this tag.")
@click.option("--dry-run", is_flag=True, help="Say what would come, and bring nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def import_chats(paths: tuple[str, ...], *, tags: tuple[str, ...], dry_run: bool, quiet: bool) -> None:
    """Bring in chats of localr1, ChatGPT, Claude, Open WebUI, LM Studio, llm and oterm.

    What a FILE is, its content says. A folder stands for the files in it, - for standard input.
    """
    from localr1.cli.progress.progress import open_progress
    from localr1.importing.bringing import Bringing, Report
    from localr1.store.shelf import tags_of

    with opened_chats() as chats, open_progress(quiet=quiet) as progress, _files(paths) as files:
        bringing = Bringing(chats.conversations, tags_of(" ".join(tags)), dry_run=dry_run)
        refused = [error for file in files if (error := _bring(file, bringing, progress))]
    if bringing.report != Report() or not refused:
        _print(bringing.report, dry_run=dry_run)
    if len(refused) == 1 and not bringing.report.unreadable:
        raise refused[0]
    for error in refused:
        click.echo(safe_text(error.message), err=True)
    if refused or bringing.report.unreadable:
        raise UsageError("Not everything could be read.", hint="What could not is named above.")


def _bring(file: _File, bringing: Bringing, progress: Progress) -> UsageError | None:
    """Bring in the chats of a file, naming those that can't be read; the error that ended it, if one did."""
    from localr1.importing.found import Unreadable
    from localr1.importing.source import open_source

    try:
        with open_source(file.path, file.name) as source:
            for each in bringing.bring(source):
                if isinstance(each, Unreadable):
                    progress.say(f"{each.where}: {each.reason}")
                if source.size > LARGE:
                    progress.show(Step(source.done, source.size, safe_line(file.path.name)))
    except UsageError as error:
        return error
    finally:
        progress.stop()
    return None


def _print(report: Report, *, dry_run: bool) -> None:
    """What came, in a line, and what could not."""
    click.echo(
        f"{plural(report.new, 'new chat')}, {plural(report.grown, 'grown chat')},"
        f" {plural(report.messages, 'new message')}; {plural(report.known, 'chat')} there already."
    )
    if report.left_out:
        click.echo(
            f"Only named in the texts: pictures, files and calls of tools, {report.left_out:,} in all."
        )
    if dry_run:
        click.echo("That is what would come; nothing has been changed.")


@contextmanager
def _files(paths: tuple[str, ...]) -> Iterator[list[_File]]:
    """The files that are meant; what standard input brings lies in a private one meanwhile."""
    from localr1.chat.export_file import written_path
    from localr1.importing.source import files_of

    with tempfile.TemporaryDirectory(prefix="localr1-") as directory:
        yield [
            file
            for path in paths
            for file in (
                [_spooled(Path(directory))] if path == "-" else map(_File, files_of(written_path(path)))
            )
        ]


def _spooled(directory: Path) -> _File:
    """Standard input as a file, which databases and archives must be."""
    from localr1.cli.stdin import say_if_waiting

    say_if_waiting()
    file = directory / STDIN
    with file.open("wb") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
    return _File(file, STDIN)
