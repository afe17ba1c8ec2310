"""Writes the manual page from the commands and their help.

python packaging/manual.py [FILE]
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from localr1 import __version__
from localr1.cli.exit_codes import EXIT_CODES
from localr1.cli.main import localr1

PAGE = Path(__file__).parent.parent / "docs" / "man" / "localr1.1"


def manual() -> str:
    """The page in the macros of man(7)."""
    context = localr1.make_context("localr1", [], resilient_parsing=True)
    lines = [
        f'.TH LOCALR1 1 "" "localr1 {__version__}" "User Commands"',
        ".SH NAME",
        "localr1 \\- chat with distilled reasoning models, wholly on your own machine",
        ".SH SYNOPSIS",
        *(f".B {_escaped(_usage(command))}\n.br" for command in (context, _child(context, "ask"))),
        ".SH DESCRIPTION",
        *_paragraphs(localr1.help or ""),
        *_options(context),
        ".SH COMMANDS",
        *(line for command in _commands(context) for line in _section(command)),
        ".SH EXIT STATUS",
        *(f".TP\n.B {each.code}\n{_escaped(each.meaning)}" for each in EXIT_CODES),
        ".SH EXAMPLES",
        *_paragraphs(localr1.epilog or ""),
    ]
    return "\n".join(lines) + "\n"


def _commands(context: click.Context) -> Iterator[click.Context]:
    """Every command below one, depth first."""
    group = context.command
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            child = _child(context, name)
            yield child
            yield from _commands(child)


def _child(context: click.Context, name: str) -> click.Context:
    group = context.command
    command = group.get_command(context, name) if isinstance(group, click.Group) else None
    if command is None:
        raise LookupError(name)
    return click.Context(command, info_name=name, parent=context)


def _section(context: click.Context) -> Iterator[str]:
    command = context.command
    yield f'.SS "{_escaped(_usage(context))}"'
    yield from _paragraphs(command.help or "")
    yield from _options(context)
    yield from _paragraphs(command.epilog or "")


def _usage(context: click.Context) -> str:
    return " ".join((context.command_path, *context.command.collect_usage_pieces(context)))


def _options(context: click.Context) -> Iterator[str]:
    for param in context.command.get_params(context):
        if isinstance(param, click.Option) and (record := param.get_help_record(context)):
            names, text = record
            yield f".TP\n.B {_escaped(names)}\n{_escaped(text)}"


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs are filled, but those that begin with click's mark keep their lines."""
    for paragraph in re.split(r"\n{2,}", inspect.cleandoc(text)):
        mark, _, rest = paragraph.partition("\n")
        if mark == "\b":
            yield f".PP\n.nf\n{_escaped(rest)}\n.fi"
        elif paragraph:
            yield f".PP\n{_escaped(paragraph)}"


def _escaped(text: str) -> str:
    """Text that troff prints as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("`", "\\(ga")
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def main(page: Path) -> None:
    """Write the page."""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(manual(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE)
