"""What the command line says of an engine that is kept warm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from localr1.engine.source import worker_source
from localr1.paths import Paths
from localr1.safe_text import safe_line

if TYPE_CHECKING:
    from localr1.config import Config
    from localr1.engine.connection import Connect


def find_workers(config: Config, paths: Paths, *, encrypted: bool, save: bool) -> Connect:
    """Where workers come from, as `worker_source` has it; what keeps one from staying warm is said."""
    source = worker_source(config, paths, encrypted=encrypted, save=save)
    if source.obstacle:
        click.echo(f"localr1: the engine is not kept warm: {safe_line(source.obstacle)}.", err=True)
    return source.connect
