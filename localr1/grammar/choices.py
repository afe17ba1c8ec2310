"""A few words, one of which has to be the answer → a grammar (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from localr1.errors import UsageError
from localr1.grammar.gbnf import grammar_text, literal, one_of


def distinct(choices: str | Iterable[str]) -> tuple[str, ...]:
    """Each of the words once, white space around it left out; a text has commas between them.

    Raises UsageError for fewer than two.
    """
    given = choices.split(",") if isinstance(choices, str) else choices
    words = tuple(dict.fromkeys(word.strip() for word in given))
    if "" in words or len(words) < 2:
        raise UsageError(
            "--choices takes two answers or more, with commas between them.", hint="--choices yes,no,unsure"
        )
    return words


def choices_grammar(choices: Sequence[str]) -> str:
    """Exactly one of them, and nothing else."""
    return grammar_text(one_of(map(literal, choices)), {})
