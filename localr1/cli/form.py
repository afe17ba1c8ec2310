"""The form of an answer, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from localr1.cli.option_group import option_group
from localr1.errors import UsageError

if TYPE_CHECKING:
    from localr1.grammar.form import AnswerForm


form_options = option_group(
    click.option(
        "--schema", metavar="FILE|JSON", help="Answer by a JSON value that this JSON schema allows."
    ),
    click.option("--choices", metavar="A,B,…", help="Answer by one of these words, and nothing else."),
    click.option(
        "--grammar",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Answer by what this grammar in GBNF allows.",
    ),
)
"""What the answer has to look like; the thinking before it is free."""


def form_of(schema: str | None, choices: str | None, grammar: Path | None) -> AnswerForm | None:
    """What these options ask for; raises UsageError for more than one, or one that can't be used."""
    if sum(value is not None for value in (schema, choices, grammar)) > 1:
        raise UsageError("--schema, --choices and --grammar exclude each other.", hint="Ask for one of them.")
    if choices is not None:
        from localr1.grammar.choices import read_choices
        from localr1.grammar.form import choices_form

        return choices_form(read_choices(choices))
    if schema is not None:
        from localr1.grammar.form import schema_form

        return schema_form(_schema_text(schema))
    if grammar is not None:
        from localr1.grammar.form import grammar_form
        from localr1.text_file import read_text_file

        return grammar_form(read_text_file(grammar).text)
    return None


def _schema_text(value: str) -> str:
    """A schema that stands on the command line begins with a brace; anything else names a file."""
    from localr1.text_file import read_text_file

    return value if value.lstrip().startswith("{") else read_text_file(Path(value)).text
