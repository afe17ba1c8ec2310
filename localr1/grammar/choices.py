"""A few words, one of which has to be the answer → a grammar (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from localr1.errors import UsageError
from localr1.grammar.gbnf import grammar_text, literal, one_of


def read_choices(text: str) -> tuple[str, ...]:
    """The words between commas, white space around them left out; raises UsageError for fewer than two."""
    choices = tuple(dict.fromkeys(word.strip() for word in text.split(",")))
    if "" in choices or len(choices) < 2:
        raise UsageError(
            "--choices takes two answers or more, with commas between them.", hint="--choices yes,no,unsure"
        )
    return choices


def choices_grammar(choices: Sequence[str]) -> str:
    """Exactly one of them, and nothing else."""
    return grammar_text(one_of(map(literal, choices)), {})
