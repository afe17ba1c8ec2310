"""localr1 models find: models that other programs keep on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from localr1.cli.json_output import print_json
from localr1.cli.table import table_lines
from localr1.errors import UsageError
from localr1.foreign_directories import foreign_directories
from localr1.library.elsewhere.find import FoundModel, find_elsewhere
from localr1.library.imports import Imported, import_model
from localr1.library.library import Library
from localr1.paths import find_paths
from localr1.regular_file import is_directory
from localr1.safe_text import safe_line
from localr1.units import size_text

EPILOG = """\b
Examples:
  localr1 models find                    what other programs have
  localr1 models find ~/Downloads /data  in these folders as well
  localr1 models find --add deepseek-r1:7b
  localr1 models find --all

It looks where Ollama, LM Studio, llama.cpp and Hugging Face keep their models.
What is added stays where it is and takes no room; it is gone when that program
removes it."""

_SHOWN = 200
"""Characters of a folder's path in an error."""


@click.command(epilog=EPILOG)
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[FOLDER]...")
@click.option("--add", "names", multiple=True, metavar="NAME", help="Use the model of this name. Repeatable.")
@click.option("--all", "add_all", is_flag=True, help="Use all that can be used.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON, one a line.")
def find(folders: tuple[Path, ...], names: tuple[str, ...], add_all: bool, as_json: bool) -> None:
    """Find models that other programs, or FOLDERs, have already."""
    _require_directories(folders)
    library = Library.open(find_paths())
    known = [model.path for model in library.models()]
    found = find_elsewhere(foreign_directories(), folders, known)
    if names or add_all:
        for model in _chosen(found, names):
            _add(library, model)
    elif as_json:
        for model in found:
            print_json(model)
    else:
        _print(found)


def _require_directories(folders: Sequence[Path]) -> None:
    for folder in folders:
        if not is_directory(folder):
            raise UsageError(f"There is no folder {str(folder)[:_SHOWN]}.")


def _chosen(found: Sequence[FoundModel], names: Sequence[str]) -> list[FoundModel]:
    """Those of the names; without any, all that can be used."""
    if not names:
        return [model for model in found if not model.problem]
    by_name = {model.name: model for model in reversed(found)} | {str(model.path): model for model in found}
    for name in names:
        if name not in by_name:
            raise UsageError(f"No model {name} was found.", hint="`localr1 models find` shows what there is.")
    return [by_name[name] for name in names]


def _add(library: Library, model: FoundModel) -> None:
    for event in import_model(library, model.path, "reference", model.origin):
        if isinstance(event, Imported):
            click.echo(safe_line(f"{event.model.name} ({size_text(event.model.size)})"))


def _print(found: Sequence[FoundModel]) -> None:
    if not found:
        click.echo("Nothing was found. Name the folders to look in: localr1 models find FOLDER", err=True)
        return
    rows = [
        (
            model.name,
            model.quant or "–",
            size_text(model.size),
            model.program or "–",
            model.problem or str(model.path),
        )
        for model in found
    ]
    for line in table_lines(("NAME", "QUANT", "SIZE", "KEPT BY", "WHERE"), rows, right=(2,)):
        click.echo(line)
    click.echo("\n`localr1 models find --add NAME` makes one a model of localr1.", err=True)
