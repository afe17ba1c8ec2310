"""Patterns that find tags in a text which may still grow."""

from __future__ import annotations

import re
from itertools import product

_SYNONYMS = ("think", "thinking")


def tag_pattern(**tags: list[str]) -> re.Pattern[str]:
    """A group for each kind of tag, in any case, and `held` for the beginning of one where the text ends.

    Empty tags are left out; without any the pattern never matches.
    """
    kinds = {kind: [tag for tag in spellings if tag] for kind, spellings in tags.items()}
    beginnings = {tag[:n] for spellings in kinds.values() for tag in spellings for n in range(1, len(tag))}
    groups = [f"(?P<{kind}>{_any_of(spellings)})" for kind, spellings in kinds.items() if spellings]
    groups.append(rf"(?P<held>{_any_of(sorted(beginnings))})\Z" if beginnings else "(?!)")
    return re.compile("|".join(groups), re.IGNORECASE | re.ASCII)


def closing_spellings(tag: str) -> list[str]:
    """A closing tag, and for one like HTML's the slips that models make: `< /think >`, `</thinking>`."""
    html = re.fullmatch(r"</([\w:]+)>", tag)
    if not html:
        return [tag]
    names = _SYNONYMS if html[1] in _SYNONYMS else (html[1],)
    return [f"<{a}/{b}{name}{c}>" for name in names for a, b, c in product(("", " "), repeat=3)]


def _any_of(words: list[str]) -> str:
    return "(?:" + "|".join(map(re.escape, words)) + ")"
