"""Mentions in what is written: `@path`, `@"path with spaces"`, and `@[name]` for text held here (pure)."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

_MENTION = re.compile(
    r"""(?<![^\s(])@(?:"(?P<quoted>(?:[^"\\\n]|\\.)+)"|\[(?P<held>[^\]\n]+)\]|(?P<bare>[^\s"\[][^\s"]*))"""
)
_CLOSING = ".,;:!?)]}'’”»…"
"""What a sentence may put behind a path that is not part of it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention, and where it stands."""

    start: int
    end: int
    name: str
    """The path as the user spells it, without quotes; for text held here its name."""
    held: bool = False
    quoted: bool = False

    @property
    def shorter(self) -> Mention:
        """The same without what ends a sentence behind it."""
        name = self.name if self.held or self.quoted else self.name.rstrip(_CLOSING)
        return Mention(self.start, self.end - len(self.name) + len(name), name, self.held, self.quoted)


def mentions(text: str) -> list[Mention]:
    """All mentions in their order; a sign inside a word, as in an address, begins none."""
    return [
        Mention(
            match.start(),
            match.end(),
            re.sub(r"\\(.)", r"\1", match["quoted"]) if match["quoted"] else match["held"] or match["bare"],
            held=bool(match["held"]),
            quoted=bool(match["quoted"]),
        )
        for match in _MENTION.finditer(text)
    ]


def path_mention(path: str) -> str:
    """How a path is mentioned: in quotes where it could not be told from the text around it."""
    if re.fullmatch(r"[^\s\"\[][^\s\"]*", path) and path.rstrip(_CLOSING) == path:
        return f"@{path}"
    escaped = re.sub(r'(["\\])', r"\\\1", path)
    return f'@"{escaped}"'


def held_mention(name: str) -> str:
    """How text that is held under a name is mentioned."""
    return f"@[{name}]"


def replaced(text: str, mentioned: list[tuple[Mention, str]]) -> str:
    """The text with each of these mentions, in their order, in other words."""
    parts, at = [], 0
    for mention, words in mentioned:
        parts += [text[at : mention.start], words]
        at = mention.end
    return "".join([*parts, text[at:]])


def last_mention(text: str, known: Container[str]) -> str:
    """The mention that a text ends in, as it is written: of text held here, or `known` to be a file."""
    for mention in mentions(text)[-1:]:
        written = text[mention.start :]
        if mention.end == len(text) and (mention.held or written in known):
            return written
    return ""
