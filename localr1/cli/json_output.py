"""Values as JSON, one a line, for programs."""

from __future__ import annotations

import json

import click
import msgspec


def print_json(value: object) -> None:
    """Print a value on one line of ASCII: whatever text is in it, a terminal sees no control character."""
    click.echo(json.dumps(msgspec.to_builtins(value, enc_hook=str)).replace("\x7f", "\\u007f"))


def print_event(event: object) -> None:
    """Print what happened, under the name of its type: {"type": "progress", "done": …}."""
    fields = msgspec.to_builtins(event, enc_hook=str)
    print_json({"type": type(event).__name__.lower(), **fields})
