"""localr1 doctor: what this installation is, where it keeps things, and what would be sent where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from localr1.cli.installation import Fact
    from localr1.engine.reports import Ready
    from localr1.paths import Paths

EPILOG = """\b
Examples:
  localr1 doctor
  localr1 doctor --privacy        every file, and every server ever asked
  localr1 doctor --privacy --fix  and take away what others may do
"""


@click.command(epilog=EPILOG)
@click.option("--privacy", is_flag=True, help="List every file with its rights, and every server ever asked.")
@click.option("--fix", is_flag=True, help="With --privacy: take away what others may do with these files.")
@click.option("--json", "as_json", is_flag=True, help="With --privacy: print one line of JSON.")
def doctor(privacy: bool, fix: bool, as_json: bool) -> None:
    """Show versions, devices, memory, paths and privacy."""
    from localr1.errors import UsageError

    if privacy:
        from localr1.cli.privacy.command import show_privacy

        show_privacy(fix=fix, as_json=as_json)
    elif fix or as_json:
        raise UsageError(
            "--fix and --json are options of the report on privacy.", hint="localr1 doctor --privacy"
        )
    else:
        _show_installation()


def _show_installation() -> None:
    from localr1.cli.cancelling import run
    from localr1.cli.installation import engine, hardware, network, places, versions
    from localr1.config_sources import load_config
    from localr1.errors import EngineError
    from localr1.paths import find_paths

    paths = find_paths()
    for section in (versions(), hardware(paths), places(paths)):
        _print(section)
    try:
        _print(engine(run(_ask_engine(paths)), paths, load_config(paths.config_file)))
    except EngineError as error:
        _print([("llama.cpp", f"does not start: {error.message} {error.hint}")])
        _print(network(load_config(paths.config_file)))
        raise
    _print(network(load_config(paths.config_file)))


async def _ask_engine(paths: Paths) -> Ready:
    from localr1.engine.client import Engine

    async with Engine.start(paths.engine_log) as engine:
        return await engine.about()


def _print(facts: Iterable[Fact]) -> None:
    from localr1.safe_text import safe_line

    for name, value in facts:
        click.echo(f"{click.style(f'{name:>11}', bold=True)}  {safe_line(value)}")
