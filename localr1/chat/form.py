"""The form that an answer shall have, from what a user or a program gives for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from localr1.errors import UsageError
from localr1.grammar.form import AnswerForm, choices_form, grammar_form, schema_form
from localr1.text_file import read_text_file

GivenSchema: TypeAlias = Mapping[str, Any] | str | Path
"""A JSON schema as a value, as text, which begins with a brace, or the path of a file."""


def answer_form(
    schema: GivenSchema | None = None,
    choices: str | Iterable[str] | None = None,
    grammar: str | None = None,
) -> AnswerForm | None:
    """The form that is asked for; raises UsageError for more than one, or one that can't be used."""
    if sum(value is not None for value in (schema, choices, grammar)) > 1:
        raise UsageError("--schema, --choices and --grammar exclude each other.", hint="Ask for one of them.")
    if schema is not None:
        return _writable(schema_form(_schema_text(schema)))
    if choices is not None:
        return _writable(choices_form(choices))
    return None if grammar is None else _writable(grammar_form(grammar))


def _schema_text(given: GivenSchema) -> str:
    match given:
        case str() if given.lstrip().startswith("{"):
            return given
        case str() | Path():
            return read_text_file(Path(given)).text
    try:
        return json.dumps(given)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"The schema is no JSON: {error}.") from None


def _writable(form: AnswerForm) -> AnswerForm:
    """The same; raises UsageError for one with half a surrogate pair, which no text can hold."""
    try:
        form.grammar.encode()
    except UnicodeEncodeError as error:
        half = form.grammar[error.start]
        raise UsageError(f"{half!r} is half a character, which no answer can have.") from None
    return form
