"""A group of commands, each imported when it is needed, and what it says where none is meant."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import click

from localr1.cli.help import HelpContext
from localr1.errors import UsageError

_NAME_LENGTH = 60
"""Characters of the longest name that is looked at and shown."""


class LazyGroup(click.Group):
    """Knows where its commands lie, so that `localr1 ask` does not pay for the chat.

    `places` maps a command's name to `module:object`; there may be others, which are known already.
    `alone` is the command that runs where none is named.
    """

    context_class = HelpContext

    def __init__(
        self, *arguments: Any, places: Mapping[str, str] | None = None, alone: str = "", **settings: Any
    ) -> None:
        super().__init__(*arguments, **settings)
        self._places = places or {}
        self._alone = alone

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *self._places]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = self._find(ctx, cmd_name)
        if command:
            command.context_class = HelpContext
        return command

    def _find(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._places:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._places[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and self._alone and not ctx.resilient_parsing:
            args = [self._alone]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; raises UsageError with what to type instead where there is none."""
        name = args[0]
        if ctx.resilient_parsing or name.startswith("-") or self.get_command(ctx, name):
            return super().resolve_command(ctx, args)
        raise UsageError(f"There is no command {name[:_NAME_LENGTH]!r}.", hint=self._advice(ctx, args))

    def _advice(self, ctx: click.Context, words: Sequence[str]) -> str:
        from difflib import get_close_matches

        if near := get_close_matches(words[0][:_NAME_LENGTH], self.list_commands(ctx), n=1):
            return f"Did you mean `{ctx.command_path} {near[0]}`?"
        return self.otherwise(ctx)

    def otherwise(self, ctx: click.Context) -> str:
        """What to type where no command of such a name is known."""
        return f"`{ctx.command_path} --help` shows what there is."
