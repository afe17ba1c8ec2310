"""What a user writes to find a chat: words, "whole phrases", tag:work, model:qwen, in:thinking."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from localr1.store.filters import ALWAYS, NO_FILTER, Filter, Span

SHORTEST_INDEXED = 3
"""Letters of the shortest word that the index knows."""
LONGEST_QUERY = 1_000
"""Characters; nobody writes as many to find something."""

_PART = re.compile(
    r'(?P<key>tag|model|in):(?P<value>\S*)|"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)', re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Query:
    """Everything must be found, in whatever order; words may be parts of longer ones."""

    words: tuple[str, ...] = ()
    among: Filter = NO_FILTER
    thinking: bool = False
    """Look into the thinking as well."""
    span: Span = ALWAYS
    """When a message was written; for a title, when the newest message of its chat was."""

    @property
    def indexed(self) -> tuple[str, ...]:
        """The words that the index can find."""
        return tuple(word for word in self.words if _letters(word) >= SHORTEST_INDEXED)

    @property
    def short(self) -> tuple[str, ...]:
        """The other ones."""
        return tuple(word for word in self.words if _letters(word) < SHORTEST_INDEXED)


def read_query(text: str) -> Query:
    """A query as it was written; whatever that is, it means something."""
    words, tags, models, thinking = [], [], [], False
    written = unicodedata.normalize("NFC", text[:LONGEST_QUERY]).replace("\0", " ")
    for part in _PART.finditer(written):
        match ((part["key"] or "").lower(), part["value"] or ""):
            case ("tag", value):
                tags.append(value.lstrip("#").lower())
            case ("model", value):
                models.append(value.lower())
            case ("in", value) if value and "thinking".startswith(value.lower()):
                thinking = True
            case ("in", ""):
                continue
            case _:
                words.append((part["phrase"] or part["word"] or part[0]).strip().strip('"'))
    filter_ = Filter(tuple(filter(None, tags)), tuple(filter(None, models)))
    return Query(tuple(dict.fromkeys(word for word in words if word)), filter_, thinking)


def _letters(word: str) -> int:
    """How many the index sees: it leaves out what only adds an accent."""
    return sum(not unicodedata.combining(letter) for letter in word)
