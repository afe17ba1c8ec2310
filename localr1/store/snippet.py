"""The part of a text that shows why it was found (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from localr1.store.folding import folded

BEFORE = 14
"""Characters before the first word that was found."""
LENGTH = 160
"""Characters of a snippet."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One line of a text, and where in it something was found."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    """Where each place begins and ends; none within or behind another's end."""


def marked(text: str, words: Sequence[str]) -> Snippet:
    """A line, with all places where one of the words stands."""
    line = " ".join(text.split())
    haystack = folded(line)
    places = sorted(place for word in words for place in _places(haystack, folded(word)))
    marks: list[tuple[int, int]] = []
    for begin, end in places:
        if marks and begin <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((begin, end))
    return Snippet(line, tuple(marks))


def snippet(text: str, words: Sequence[str]) -> Snippet:
    """The line around the first place where one of the words stands, or the text's beginning."""
    haystack = folded(text)
    found = [place for word in words if (place := haystack.find(folded(word))) >= 0]
    begin = max(0, min(found, default=0) - BEFORE)
    if begin and (blank := text.find(" ", begin, begin + BEFORE)) >= 0:
        begin = blank + 1
    cut = text[begin : begin + LENGTH]
    return marked(f"{'…' if begin else ''}{cut}{'…' if begin + LENGTH < len(text) else ''}", words)


def _places(haystack: str, word: str) -> list[tuple[int, int]]:
    places, begin = [], haystack.find(word) if word else -1
    while begin >= 0:
        places.append((begin, begin + len(word)))
        begin = haystack.find(word, begin + 1)
    return places
