"""localr1 models import: a GGUF file that is somewhere on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from localr1.cli.progress.progress import open_progress
from localr1.cli.progress.step import Step
from localr1.cli.usage_hint import print_usage
from localr1.library.hashing import Hashed
from localr1.library.imports import How, Imported, import_model
from localr1.library.library import Library
from localr1.paths import find_paths
from localr1.safe_text import safe_line
from localr1.units import size_text

EPILOG = """\b
Examples:
  localr1 models import ~/Downloads/x.gguf          stays there, takes no room
  localr1 models import ~/Downloads/x.gguf --move   nothing is left there

A file that stays where it is can be used for as long as it stays there. Of a
split model any part will do. What can't chat is refused, and all stays as it
was."""


@click.command(epilog=EPILOG)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--reference", "how", flag_value="reference", default=True, help="Leave it there (the default)."
)
@click.option("--copy", "how", flag_value="copy", help="Keep a copy.")
@click.option("--move", "how", flag_value="move", help="Take it from there.")
@click.option("--link", "how", flag_value="link", help="A second name for the same bytes on the same disk.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something goes wrong.")
def import_path(path: Path, how: How, quiet: bool) -> None:
    """Make the GGUF file at PATH one of the models of localr1."""
    library = Library.open(find_paths())
    with open_progress(quiet=quiet) as progress:
        for event in import_model(library, path, how):
            match event:
                case Hashed(_, done, total):
                    progress.show(Step(done, total, safe_line(path.name)))
                case Imported(model, new):
                    progress.stop()
                    fact = "is a model of localr1 now" if new else "is here already"
                    progress.say(f"{model.name} ({size_text(model.size)}) {fact}.")
                    print_usage(model.name, quiet=quiet)
