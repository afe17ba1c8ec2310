"""localr1 templates: the user's own prompts, for `localr1 ask -t`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from localr1.cli.lazy_group import LazyGroup
from localr1.cli.template_name import TemplateName
from localr1.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from localr1.prompt_templates import PromptTemplates

EPILOG = """\b
Examples:
  localr1 templates edit review
  git diff | localr1 ask -t review --var language=Python

A template is a text with $variables: $input is standard input, $prompt are the
arguments, --var name=value fills any other. A dollar sign is written $$."""


@click.group(cls=LazyGroup, alone="list", epilog=EPILOG)
def templates() -> None:
    """List, read and edit your own prompts.

    Without a command, they are listed.
    """


@templates.command("list")
def list_templates() -> None:
    """List the templates with their variables."""
    from localr1.cli.table import table_lines

    store = _store()
    rows = [_row(store, name) for name in store.names()]
    if not rows:
        click.echo("No templates yet. `localr1 templates edit NAME` makes one.", err=True)
        return
    for line in table_lines(("NAME", "VARIABLES", "TEXT"), rows):
        click.echo(line[:120])


def _row(store: PromptTemplates, name: str) -> tuple[str, str, str]:
    """Its name, variables and text; of one that can't be read, why."""
    try:
        found = store.read(name)
    except UsageError as error:
        return name, "–", error.message
    return name, " ".join(f"${variable}" for variable in found.variables), found.text[:200]


@templates.command("show")
@click.argument("name", type=TemplateName())
def show(name: str) -> None:
    """Print a template."""
    from localr1.safe_text import safe_text

    text = _store().read(name).text
    click.echo(safe_text(text) if sys.stdout.isatty() else text, nl=not text.endswith("\n"))


@templates.command("edit")
@click.argument("name", type=TemplateName())
def edit(name: str) -> None:
    """Open a template in your editor; a new one is made."""
    from localr1.cli.editor import Editing
    from localr1.environment import find_editor
    from localr1.regular_file import is_there

    path = _store().path(name)
    editor = find_editor()
    if is_new := not is_there(path):
        _make(path)
    try:
        Editing(editor).edit(path)
    finally:
        if unwritten := is_new and path.exists() and not path.stat().st_size:
            path.unlink()
    if unwritten:
        click.echo("Nothing was written, so there is no such template.", err=True)


def _make(path: Path) -> None:
    from localr1.paths import PRIVATE_FILE, make_private_directory

    try:
        make_private_directory(path.parent)
        path.touch(mode=PRIVATE_FILE)
    except OSError as error:
        raise ConfigError(
            f"{path} can't be made: {error.strerror}.", hint="Check its owner and rights."
        ) from None


def _store() -> PromptTemplates:
    from localr1.paths import find_paths
    from localr1.prompt_templates import PromptTemplates

    return PromptTemplates(find_paths().templates)
