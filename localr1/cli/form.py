"""The form of an answer, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from localr1.cli.option_group import option_group

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
    if schema is None and choices is None and grammar is None:
        return None
    from localr1.chat.form import answer_form
    from localr1.text_file import read_text_file

    return answer_form(schema, choices, read_text_file(grammar).text if grammar else None)
