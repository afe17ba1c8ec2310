"""localr1 models verify: hash models again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from localr1.cli.hub.options import token_options
from localr1.cli.parameter_types import ModelName
from localr1.cli.progress.progress import Progress, open_progress
from localr1.cli.progress.step import Step
from localr1.config_sources import load_config
from localr1.errors import ModelFileError
from localr1.library.hashing import Hashed
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.library.verify import Verified
from localr1.library.verify import verify as verify_model
from localr1.paths import find_paths
from localr1.safe_text import safe_line

EPILOG = """\b
Examples:
  localr1 models verify                     every model on this machine
  localr1 models verify qwen-1.5b --repair

Exit codes: 0 all are right, 3 one is not, 6 it could not be fetched again."""


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, type=ModelName(), metavar="[NAME]...")
@click.option("--repair", is_flag=True, help="Fetch what is damaged again, and nothing else.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@token_options
def verify(
    names: tuple[str, ...], *, repair: bool, quiet: bool, token_file: Path | None, use_token: bool
) -> None:
    """Hash models again and compare with what they should be."""
    paths = find_paths()
    library = Library.open(paths)
    models = [library.look_up(name) for name in dict.fromkeys(names)] or library.models()
    with open_progress(quiet=quiet) as progress:
        found = [verified for model in models for verified in _verify(model, library, progress)]
        bad = [verified for verified in found if verified.bad]
        if bad and repair:
            from localr1.cli.hub.access import open_access
            from localr1.cli.pull.repair import repair_models

            access = open_access(load_config(paths.config_file), token_file, use_token)
            repair_models(bad, library, access, progress)
        elif bad:
            raise _damaged(bad)


def _verify(model: LocalModel, library: Library, progress: Progress) -> Iterator[Verified]:
    """Verify one model and say how it is; its result."""
    for event in verify_model(model, library.records):
        match event:
            case Hashed(_, done, total):
                progress.show(Step(done, total, safe_line(model.name)))
            case Verified():
                progress.stop()
                click.echo(safe_line(_line(event)))
                yield event


def _line(verified: Verified) -> str:
    if verified.bad:
        return f"{verified.model.name}: {' '.join(file.problem for file in verified.bad)}"
    if verified.compared:
        return f"{verified.model.name}: right"
    return f"{verified.model.name}: whole, but there is no hash to compare it with"


def _damaged(bad: list[Verified]) -> ModelFileError:
    names = [verified.model.name for verified in bad]
    return ModelFileError(
        f"Not as it should be: {', '.join(names)}.",
        hint=f"To fetch what is damaged again: localr1 models verify --repair {shlex.join(names)}",
    )
