"""A walk through earlier prompts, with the way back to what was being written."""

from __future__ import annotations

from collections.abc import Sequence


class Recall:
    """The draft, then earlier prompts, newest first; what is changed in one of them is kept."""

    def __init__(self, earlier: Sequence[str] = ()) -> None:
        self._texts = ["", *earlier]
        self._place = 0

    @property
    def at_draft(self) -> bool:
        """The user sees what they were writing, not an earlier prompt."""
        return self._place == 0

    def draft(self, text: str) -> str:
        """What is being written: `text`, which stands in the prompt, or the draft behind an unchanged one."""
        return self._texts[0] if text == self._texts[self._place] and not self.at_draft else text

    def older(self, text: str) -> str | None:
        """The prompt before `text`, which stands in the prompt now; None at the oldest."""
        return self._move(text, self._place + 1)

    def newer(self, text: str) -> str | None:
        """The prompt after `text`, in the end the draft; None where that is it."""
        return self._move(text, self._place - 1)

    def _move(self, text: str, place: int) -> str | None:
        if place not in range(len(self._texts)):
            return None
        self._texts[self._place] = text
        self._place = place
        return self._texts[place]
