"""localr1 pull: models from the hub."""

from __future__ import annotations

from pathlib import Path

import click

from localr1.cli.hub.options import token_options
from localr1.cli.parameter_types import CatalogName

EPILOG = """\b
Examples:
  localr1 pull qwen-1.5b                      a model of `localr1 models list`
  localr1 pull qwen-7b:Q3_K_M                 the same model, smaller
  localr1 pull qwen-7b --list                 the quants that there are
  localr1 pull hf:bartowski/NAME-GGUF:Q4_K_M  any GGUF model on Hugging Face
  localr1 pull https://huggingface.co/OWNER/REPO/blob/main/FILE.gguf

What was fetched is compared with the hash that the hub states. A download
that was stopped continues with the same command. In a pipe, the path of each
model goes to standard output and nothing else does; --json prints what
happens there instead, one event a line.

Exit codes: 0 here and right, 2 usage, or several models to choose from, 3 no
model of that name, 6 download, 130 Ctrl-C."""


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, required=True, type=CatalogName(), metavar="NAME...")
@click.option("--list", "only_list", is_flag=True, help="Show the quants that there are; fetch nothing.")
@click.option("--anyway", is_flag=True, help="Don't ask about a model that is too big for this machine.")
@click.option("-q", "--quiet", is_flag=True, help="Print the path and nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print events as JSON, one a line.")
@token_options
def pull(
    names: tuple[str, ...],
    *,
    only_list: bool,
    anyway: bool,
    quiet: bool,
    as_json: bool,
    token_file: Path | None,
    use_token: bool,
) -> None:
    """Fetch models by NAME, hf:owner/repo[:QUANT] or URL."""
    from localr1.cli.pull.pulling import Pulling

    pulling = Pulling.open(token_file, use_token)
    if only_list:
        pulling.print_choices(names)
    else:
        pulling.pull(names, anyway=anyway, quiet=quiet, as_json=as_json)
