"""Where a word stands in a chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from localr1.message import Message


@dataclass(frozen=True, slots=True)
class Match:
    """One occurrence: in which message, in its thinking or not, and which of those there."""

    message_id: int
    in_thinking: bool
    number: int


@dataclass(frozen=True, slots=True)
class Search:
    """All that was found, oldest first, and the one that is looked at."""

    term: str
    matches: Sequence[Match]
    place: int = 0

    @property
    def match(self) -> Match | None:
        """The one that is looked at; None where nothing was found."""
        return self.matches[self.place] if self.matches else None

    @property
    def count(self) -> str:
        """3/12, as a reader counts."""
        if not self.term:
            return ""
        return f"{self.place + 1:,}/{len(self.matches):,}" if self.matches else "not found"

    def step(self, by: int) -> Search:
        """The next, or the one before; after the last comes the first."""
        return replace(self, place=(self.place + by) % len(self.matches)) if self.matches else self


NOTHING = Search("", ())


def search(term: str, messages: Sequence[Message], since: int = 0) -> Search:
    """Look for a term in questions, thinking and answers; the first match from the message `since` on."""
    matches = [match for message in messages for match in _matches(term, message)]
    later = (place for place, match in enumerate(matches) if match.message_id >= since)
    return Search(term, matches, next(later, 0))


def _matches(term: str, message: Message) -> Iterator[Match]:
    for in_thinking, text in ((True, message.thinking), (False, message.text)):
        for number, _ in enumerate(occurrences(term, text)):
            yield Match(message.id, in_thinking, number)


def occurrences(term: str, text: str) -> Iterator[int]:
    """Where it begins each time; capitals count only where the term has some."""
    if term == term.lower():
        text = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    place = text.find(term) if term else -1
    while place >= 0:
        yield place
        place = text.find(term, place + len(term))
