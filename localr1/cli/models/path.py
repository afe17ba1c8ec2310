"""localr1 models path: where models lie."""

from __future__ import annotations

import click

from localr1.cli.parameter_types import ModelName
from localr1.cli.path_output import print_path
from localr1.library.library import Library
from localr1.paths import find_paths


@click.command()
@click.argument("name", type=ModelName(), required=False)
def path(name: str | None) -> None:
    """Print the path of model NAME, or the directory of all."""
    paths = find_paths()
    print_path(Library.open(paths).find(name).path if name else paths.models)
