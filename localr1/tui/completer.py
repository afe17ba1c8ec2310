"""Completion in the prompt: asks its sources what could be written there, and writes what is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import TextArea

from localr1.tui.completion import Choice, Source
from localr1.tui.widgets.completion_list import CompletionList


class Completer:
    """Looks again whenever the cursor has moved; the first source that knows something wins."""

    def __init__(self, prompt: TextArea, completion: CompletionList, sources: Sequence[Source]) -> None:
        self._prompt = prompt
        self._list = completion
        self._sources = sources
        self._start = (0, 0)
        """Where the text begins that a choice takes the place of."""
        self._seen = ""
        """The text before the cursor that the offer is for."""

    async def look(self) -> None:
        """Offer what fits the text before the cursor, in place of what was offered before."""
        row, column = self._prompt.cursor_location
        self._seen = before = self._before
        for source in self._sources:
            if offer := await source.offer(before):
                self._start = (row, column - offer.replaces)
                self._list.show(offer)
                return
        self._list.close()

    async def press(self, key: str) -> bool:
        """Whether a key was meant for the open list; Enter is not where the choice is written already.

        After a burst of letters the list is still about the first of them.
        """
        if self._list.chosen and key in ("tab", "enter") and self._seen != self._before:
            await self.look()
        choice = self._list.chosen
        if choice is None:
            return False
        if key == "escape":
            self._list.decline()
        elif key == "tab" or (key == "enter" and self._written != choice.text.rstrip()):
            self.take(choice)
        else:
            return self._list.moves(key)
        return True

    def take(self, choice: Choice) -> None:
        """Write a choice in place of what is typed of it."""
        self._list.close()
        self._prompt.replace(choice.text, self._start, self._prompt.cursor_location)

    @property
    def _before(self) -> str:
        return self._prompt.get_text_range((0, 0), self._prompt.cursor_location)

    @property
    def _written(self) -> str:
        return self._prompt.get_text_range(self._start, self._prompt.cursor_location)
