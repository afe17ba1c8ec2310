"""localr1 completion: what a shell needs to complete commands, options and models."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

EPILOG = """\b
To turn it on, add the line of your shell to its start file:
  bash  eval "$(localr1 completion bash)"  in ~/.bashrc
  zsh   eval "$(localr1 completion zsh)"   in ~/.zshrc
  fish  localr1 completion fish | source   in ~/.config/fish/config.fish
"""


@click.command(epilog=EPILOG)
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a SHELL: bash, zsh or fish."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    root = ctx.find_root().command
    click.echo(kind(root, {}, "localr1", "_LOCALR1_COMPLETE").source())
