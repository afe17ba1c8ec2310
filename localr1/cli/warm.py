"""What the command line says of an engine that is kept warm."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from localr1.duration import seconds_of
from localr1.engine.child import start_child
from localr1.engine.command import worker_command
from localr1.engine.warm import Warm
from localr1.engine.warm_place import obstacle, warm_place
from localr1.paths import Paths
from localr1.safe_text import safe_line

if TYPE_CHECKING:
    from localr1.config import Config
    from localr1.engine.client import Connect


def worker_source(config: Config, paths: Paths, *, encrypted: bool, save: bool) -> Connect:
    """Where the worker of a question comes from: the warm one where it is free, or else a new one.

    Encrypted chats have one of their own, as a warm one would hold their text for longer than the command.
    """
    command = worker_command(paths.engine_log)
    keep = seconds_of(config.keep_warm)
    if keep and (
        why := "the chats are encrypted" if encrypted else obstacle(warm_place(paths.runtime, command))
    ):
        click.echo(f"localr1: the engine is not kept warm: {safe_line(why)}.", err=True)
    if encrypted:
        return partial(start_child, command)
    return Warm(paths.runtime, command, keep, forget=not save).connect
