"""localr1 models du: the room that models take."""

from __future__ import annotations

import click

from localr1.cli.table import table_lines
from localr1.library.disk_use import DiskUse, disk_use
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.paths import find_paths
from localr1.units import size_text


@click.command()
def du() -> None:
    """Show how much room models and unfinished downloads take."""
    use = disk_use(Library.open(find_paths()))
    for line in table_lines(("SIZE", "NAME", "WHERE"), _rows(use), right=(0,)):
        click.echo(line)
    click.echo(f"\n{size_text(use.total)} in all.")


def _rows(use: DiskUse) -> list[tuple[str, str, str]]:
    models = [(size_text(size), model.name, _place(model)) for model, size in use.models]
    unfinished = [
        (size_text(partial.size), partial.name, f"unfinished: {partial.path}") for partial in use.partials
    ]
    return models + unfinished


def _place(model: LocalModel) -> str:
    if model.record and model.record.how == "referenced":
        return f"kept by {model.record.program or 'you'}: {model.path}"
    return str(model.path)
