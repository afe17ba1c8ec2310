"""The form that an answer has to have: a grammar for the model, and a judge of what came."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from localr1.errors import FormError, UsageError
from localr1.grammar.choices import choices_grammar, distinct
from localr1.grammar.gbnf import LEADING
from localr1.grammar.json_schema import schema_grammar

_WORDS = re.compile(r'"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|#[^\n]*|[A-Za-z0-9-]+')
"""Of GBNF: texts, classes of characters, comments, names."""
_ROOT = "answer-root"


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What an answer looks like."""

    grammar: str
    """GBNF; its root allows white space first."""
    read: Callable[[str], Any]
    """→ the value of an answer; raises FormError for one that has another form."""


def schema_form(text: str) -> AnswerForm:
    """Of a JSON schema; raises UsageError for what is none, or what can't be guaranteed."""
    try:
        schema = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"The schema is no JSON: {error}.") from None
    grammar = schema_grammar(schema)
    return AnswerForm(grammar, lambda answer: _value(answer, schema))


def choices_form(choices: str | Iterable[str]) -> AnswerForm:
    """One of these words; raises UsageError for fewer than two."""
    words = distinct(choices)

    def read(answer: str) -> str:
        word = answer.strip()
        if word not in words:
            raise FormError(
                "The answer is none of the choices.", hint="It was cut; give it more --max-tokens."
            )
        return word

    return AnswerForm(choices_grammar(words), read)


def grammar_form(text: str) -> AnswerForm:
    """Of a grammar in GBNF with a rule `root`; whether the grammar is one, llama.cpp will say."""
    names = [word for word in _WORDS.findall(text) if word == "root"]
    if not names or not re.search(r"^[ \t]*root[ \t]*::=", text, re.MULTILINE):
        raise UsageError("The grammar has no rule `root`.", hint="It is GBNF, as llama.cpp reads it.")
    renamed = _WORDS.sub(lambda word: _ROOT if word.group() == "root" else word.group(), text)
    return AnswerForm(f"root ::= {LEADING} {_ROOT}\n{renamed}\n", lambda answer: None)


def _value(answer: str, schema: Any) -> Any:
    import jsonschema

    try:
        value = json.loads(answer)
        jsonschema.Draft202012Validator(schema).validate(value)
    except RecursionError:
        raise FormError("The answer is nested too deep to be read.", hint="Bound the schema.") from None
    except ValueError:
        raise FormError(
            "The answer is no whole value.", hint="It was cut; give it more --max-tokens or --context."
        ) from None
    except jsonschema.ValidationError as error:
        raise FormError(f"The answer does not fit the schema: {error.message}.") from None
    return value
