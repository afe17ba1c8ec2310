"""localr1 models search: what there is on the hub."""

from __future__ import annotations

from pathlib import Path

import click

from localr1.cli.hub.options import token_options
from localr1.cli.json_output import print_json
from localr1.cli.parameter_types import WholeRange
from localr1.cli.stdin import argument_text
from localr1.cli.table import table_lines
from localr1.config_sources import load_config
from localr1.hub.remote import FoundRepo
from localr1.paths import find_paths

EPILOG = """\b
Examples:
  localr1 models search deepseek r1 distill
  localr1 pull hf:OWNER/REPO --list      the quants that a repository has
  localr1 models show hf:OWNER/REPO      what they are, and whether they fit"""


@click.command(epilog=EPILOG)
@click.argument("text", nargs=-1, required=True)
@click.option(
    "-n", "--limit", type=WholeRange(1, 100), default=20, metavar="N", help="At most N; 20 unless given."
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each repository.")
@token_options
def search(
    text: tuple[str, ...], *, limit: int, as_json: bool, token_file: Path | None, use_token: bool
) -> None:
    """Search the hub for GGUF models, the most used first."""
    from localr1.cli.hub.access import open_access

    words = argument_text(text)
    access = open_access(load_config(find_paths().config_file), token_file, use_token)
    found = access.ask(lambda hub: hub.search(words, limit))
    if as_json:
        for repo in found:
            print_json(repo)
    elif found:
        _print_table(found)
    else:
        click.echo("Nothing was found. Try fewer words, or a part of a name.", err=True)


def _print_table(found: tuple[FoundRepo, ...]) -> None:
    rows = [
        (f"hf:{repo.repo}", f"{repo.downloads:,}", repo.updated or "–", "gated" if repo.gated else "")
        for repo in found
    ]
    for line in table_lines(("REPOSITORY", "DOWNLOADS/MONTH", "UPDATED", ""), rows, right=(1,)):
        click.echo(line)
