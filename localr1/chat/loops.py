"""Text that goes round in circles: the same passage over and over, exactly (pure)."""

from __future__ import annotations

STEP = 250
"""Characters between two looks."""
WINDOWS = (2_000, 4_000, 8_000)
"""Characters that are looked at; a quarter of each is the longest passage that it can find."""


class LoopDetector:
    """Fed with a text as it grows, it says when the text has begun to repeat itself.

    It has when the last three quarters of a window stand in it twice, shifted by a quarter at most: then they
    consist of one passage, at least four times and over 1,500 characters. Shorter runs are left alone, as
    tables, rulers and periodic numbers have them. It does not depend on how the text is cut, and a look takes
    time in proportion to its window.
    """

    def __init__(self) -> None:
        self._tail = ""
        self._length = 0
        self.found = False

    def feed(self, text: str) -> bool:
        """Take more of the text; whether it repeats itself by now."""
        position = 0
        while position < len(text) and not self.found:
            taken = text[position : position + STEP - self._length % STEP]
            position += len(taken)
            self._length += len(taken)
            self._tail += taken
            if self._length % STEP == 0:
                self._look()
        return self.found

    def _look(self) -> None:
        self._tail = self._tail[-WINDOWS[-1] :]
        due = (window for window in WINDOWS if self._length % (window // 8) == 0)
        self.found = any(_repeats(self._tail[-window:]) for window in due if len(self._tail) >= window)


def _repeats(window: str) -> bool:
    """Whether the end of a text occurs in it once more; `find` does not take longer for nasty texts."""
    return window.find(window[len(window) // 4 :], 0, len(window) - 1) >= 0
