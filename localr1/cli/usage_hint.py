"""What to type next, for whoever has just got a model."""

from __future__ import annotations

import shlex
import sys

import click

from localr1.cli.table import table_lines


def print_usage(name: str, *, quiet: bool = False) -> None:
    """Two lines on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        return
    word = shlex.quote(name)
    chat, use = f"localr1 -m {word}", f"localr1 models use {word}"
    for line in table_lines((chat, "chat with it"), [(use, "let it answer in every new chat")]):
        click.echo(f"  {line}", err=True)
