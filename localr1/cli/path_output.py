"""A path on standard output: in a pipe as the file system spells it, on a terminal as it can be drawn."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from localr1.safe_text import safe_line


def print_path(path: Path) -> None:
    """Print it on a line of its own."""
    click.echo(safe_line(str(path)) if sys.stdout.isatty() else os.fsencode(path))
