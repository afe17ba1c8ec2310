"""localr1 engine: the engine that `ask --keep-warm` has left in memory."""

from __future__ import annotations

import click

from localr1.cli.lazy_group import LazyGroup
from localr1.safe_text import safe_line

EPILOG = """\b
Examples:
  localr1 ask --keep-warm 5m "…"  leave the engine in memory for five minutes
  localr1 engine status           which model it holds, and until when
  localr1 engine stop             give its memory back now"""


@click.group(cls=LazyGroup, alone="status", epilog=EPILOG)
def engine() -> None:
    """Show or end the engine that `ask --keep-warm` has left in memory.

    Without a command, it is shown.
    """


@engine.command()
def status() -> None:
    """Show its model, its memory and when it ends."""
    import os
    from pathlib import Path

    from localr1.cli.table import table_lines
    from localr1.engine.standings import find_standings
    from localr1.memory import resident_memory
    from localr1.paths import find_paths
    from localr1.units import size_text, time_text

    rows = [
        (
            safe_line(Path(os.fsdecode(standing.path)).name) or "(none)",
            size_text(resident_memory(standing.pid)),
            time_text(standing.up_seconds),
            "(in use)" if standing.busy else time_text(standing.left_seconds),
            str(standing.pid),
        )
        for standing in find_standings(find_paths().runtime)
    ]
    if not rows:
        click.echo("No engine is kept warm.", err=True)
        return
    for line in table_lines(("MODEL", "MEMORY", "UP", "ENDS IN", "PROCESS"), rows, right=(1, 2, 3, 4)):
        click.echo(line)


@engine.command()
def stop() -> None:
    """End it at once, also while it answers."""
    from localr1.engine.standings import end_all
    from localr1.paths import find_paths
    from localr1.wording import plural

    if count := end_all(find_paths().runtime):
        click.echo(f"{plural(count, 'engine')} ended.")
    else:
        click.echo("No engine is kept warm.", err=True)
