"""localr1 models use: the model of new chats."""

from __future__ import annotations

import click

from localr1.cli.parameter_types import ModelName
from localr1.config_file import set_setting
from localr1.config_sources import load_config
from localr1.gguf.check import check_header
from localr1.gguf.header import read_header
from localr1.library.library import Library
from localr1.paths import find_paths
from localr1.safe_text import safe_line

EPILOG = """\b
Examples:
  localr1 models use qwen-1.5b
  localr1 models use ~/Downloads/x.gguf
  localr1 models use nano                back to the one that is always there

It writes the line `model = "…"` into config.toml; the rest of the file stays as it is.
Chats that have begun keep their model: `localr1 --chat ID -m NAME` changes it."""


@click.command(epilog=EPILOG)
@click.argument("name", type=ModelName())
def use(name: str) -> None:
    """Let model NAME answer in new chats."""
    paths = find_paths()
    model = Library.open(paths).find(name)
    check_header(read_header(model.path))
    set_setting(paths.config_file, "model", model.name)
    click.echo(f"New chats are with {safe_line(model.name)}.", err=True)
    if load_config(paths.config_file).model != model.name:
        click.echo("The variable LOCALR1_MODEL goes before it.", err=True)
