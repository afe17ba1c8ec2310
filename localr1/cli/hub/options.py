"""Options of every command that speaks to the hub."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


def token_options(function: Function) -> Function:
    """How to reach gated repositories; without them no token is ever sent."""
    for option in reversed(
        (
            click.option(
                "--token-file",
                type=click.Path(path_type=Path),
                metavar="PATH",
                help="Send the token in this file, for gated models.",
            ),
            click.option("--use-token", is_flag=True, help="Send the token in the variable HF_TOKEN."),
        )
    ):
        function = option(function)
    return function
