"""Options of every command that speaks to the hub."""

from __future__ import annotations

from pathlib import Path

import click

from localr1.cli.option_group import option_group

token_options = option_group(
    click.option(
        "--token-file",
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="Send the token in this file, for gated models.",
    ),
    click.option("--use-token", is_flag=True, help="Send the token in the variable HF_TOKEN."),
)
"""How to reach gated repositories; without them no token is ever sent."""
