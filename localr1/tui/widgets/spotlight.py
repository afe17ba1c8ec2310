"""The one match of a search that is looked at, shown where it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from textual.content import Content
from textual.widgets import Static

from localr1.tui.find import Match, occurrences
from localr1.tui.widgets.transcript import ShownMessage
from localr1.tui.widgets.user_message import UserMessage


@runtime_checkable
class Lamp(Protocol):
    """A widget that lights a part of its text itself."""

    @property
    def text(self) -> Content:
        """All of it, as it is copied."""

    def light(self, start: int, end: int) -> int:
        """Turn this part round until `darken`; the row in which it begins."""

    def darken(self) -> None:
        """Show all as it was."""


class Spotlight:
    """Turns one occurrence of a term round, as every terminal can, and turns it back."""

    def __init__(self) -> None:
        self._lit: Static | None = None
        self._before = Content()

    def show(self, message: ShownMessage, term: str, match: Match) -> tuple[Static, int] | None:
        """Light a match: where it is drawn, and in which line there.

        Of fewer occurrences than are counted in the source, the last; None where nothing of it is drawn.
        """
        self.hide()
        texts = _texts(message, match)
        places = [(text, place) for text in texts for place in occurrences(term, _content(text).plain)]
        if not places:
            return None
        text, place = places[min(match.number, len(places) - 1)]
        self._lit, self._before = text, _content(text)
        if isinstance(text, Lamp):
            return text, text.light(place, place + len(term))
        text.update(self._before.stylize("reverse", place, place + len(term)))
        return text, len(self._before[: place + 1].wrap(max(1, text.content_size.width))) - 1

    def hide(self) -> None:
        """Show all as it was."""
        match self._lit:
            case Lamp() as lamp:
                lamp.darken()
            case Static(is_attached=True) as lit:
                lit.update(self._before)
        self._lit = None


def unfold(message: ShownMessage, match: Match) -> None:
    """Open the thinking that holds a match."""
    if match.in_thinking and not isinstance(message, UserMessage) and not message.thinking.unfolded:
        message.thinking.toggle()


def _texts(message: ShownMessage, match: Match) -> Sequence[Static]:
    """What the match may be drawn in."""
    if isinstance(message, UserMessage):
        return [message]
    part = message.thinking if match.in_thinking else message.answer
    return [text for text in part.query(Static) if text.ALLOW_SELECT]


def _content(text: Static) -> Content:
    if isinstance(text, Lamp):
        return text.text
    return text.content if isinstance(text.content, Content) else Content()
