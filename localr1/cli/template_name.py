"""Options about templates: their names, and what fills them."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem


class TemplateName(click.ParamType[str]):
    """A template's name; completes those there are."""

    name = "name"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from localr1.paths import find_paths
        from localr1.prompt_templates import PromptTemplates

        names = PromptTemplates(find_paths().templates).names()
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class Variable(click.ParamType[tuple[str, str]]):
    """name=value."""

    name = "name=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        name, sign, text = str(value).partition("=")
        if not sign or not name.isidentifier():
            self.fail(f"{value!r} is not name=value.", param, ctx)
        return name, text
