"""localr1 models remove: models and unfinished downloads that are not wanted any more."""

from __future__ import annotations

import click

from localr1.cli.chat_counts import chat_counts, chats_text
from localr1.cli.confirmation import confirm
from localr1.cli.parameter_types import ModelName
from localr1.errors import ModelFileError, UsageError
from localr1.library.library import Library
from localr1.library.partial_downloads import PartialDownload, partial_downloads, remove_partial
from localr1.library.removal import Removal, plan_removal
from localr1.library.removal import remove as remove_model
from localr1.paths import Paths, find_paths
from localr1.safe_text import safe_line
from localr1.units import size_text

EPILOG = """\b
Examples:
  localr1 models remove qwen-7b
  localr1 models remove qwen-7b:Q8_0 --yes
  localr1 models remove --partial        all unfinished downloads

A file that another program keeps is only forgotten, never removed. Chats stay."""


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, type=ModelName(), metavar="[NAME]...")
@click.option("--partial", is_flag=True, help="Only what is here of unfinished downloads.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
def remove(names: tuple[str, ...], partial: bool, yes: bool) -> None:
    """Remove models, after saying what that frees."""
    paths = find_paths()
    library = Library.open(paths)
    if partial:
        _remove_partials(library, names, yes)
    elif names:
        _remove_models(library, paths, names, yes)
    else:
        raise UsageError("No model is named.", hint="`localr1 models list` shows those that there are.")


def _remove_models(library: Library, paths: Paths, names: tuple[str, ...], yes: bool) -> None:
    removals = [plan_removal(library, name) for name in dict.fromkeys(names)]
    counts = chat_counts(paths)
    for removal in removals:
        click.echo(_consequence(removal, counts.get(removal.name, 0)), err=True)
    if not _agreed(yes):
        return
    for removal in removals:
        remove_model(library, removal)
    _say_freed(sum(removal.freed for removal in removals))


def _remove_partials(library: Library, names: tuple[str, ...], yes: bool) -> None:
    partials = _partials(library, names)
    for each in partials:
        click.echo(safe_line(f"{each.file.name}: {size_text(each.size)} of it are here"), err=True)
    if not partials:
        click.echo("There is no unfinished download.", err=True)
    elif _agreed(yes):
        for each in partials:
            remove_partial(each)
        _say_freed(sum(each.size for each in partials))


def _partials(library: Library, names: tuple[str, ...]) -> list[PartialDownload]:
    """Those of the names, each once, or all where none is named."""
    found: dict[str, PartialDownload] = {}
    for name in names or ("",):
        of_name = partial_downloads(library, name)
        if name and not of_name:
            raise ModelFileError(f"There is no unfinished download of {name}.")
        found |= {str(each.path): each for each in of_name}
    return list(found.values())


def _consequence(removal: Removal, chats: int) -> str:
    if removal.model and removal.only_forgotten:
        loss = f"is only forgotten, {removal.model.path} stays"
    else:
        loss = f"frees {size_text(removal.freed)}"
    return safe_line(f"{removal.name}: {loss}; {chats_text(chats)}")


def _agreed(yes: bool) -> bool:
    """Ask, unless that was answered on the command line."""
    if yes or confirm("Remove that?", option="--yes"):
        return True
    click.echo("Nothing was removed.", err=True)
    return False


def _say_freed(size: int) -> None:
    click.echo(f"Removed: {size_text(size)} are free again." if size else "Forgotten.", err=True)
