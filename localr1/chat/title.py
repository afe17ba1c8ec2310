"""A chat's first title, taken from its first question."""

from __future__ import annotations

LENGTH = 60
"""Characters of the longest title that is made up."""


def title_of(question: str) -> str:
    """The first line that says something, cut at a word."""
    line = next((line for line in question.splitlines() if line.strip()), "")
    words = " ".join(line.split())
    if len(words) <= LENGTH:
        return words
    cut = words[: LENGTH - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[LENGTH // 2 :] else cut).rstrip() + "…"
