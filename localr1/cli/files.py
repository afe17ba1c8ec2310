"""The files that a question is about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from localr1.attachment import Attachment
from localr1.safe_text import safe_line
from localr1.text_file import read_text_file


def read_files(paths: Iterable[Path]) -> list[Attachment]:
    """The text of each file; raises UsageError for the first one that has none."""
    return [_read(path) for path in paths]


def _read(path: Path) -> Attachment:
    file = read_text_file(path)
    name = safe_line(str(path))
    if file.encoding == "Latin-1":
        click.echo(f"localr1: {name} is not UTF-8 and was read as Latin-1.", err=True)
    return Attachment(name, file.text)
