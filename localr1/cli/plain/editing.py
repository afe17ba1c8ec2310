"""Lines written with readline's keys: earlier prompts with Up, commands completed with Tab."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType

from localr1.environment import dumb_terminal


class LineEditing:
    """The standard library's readline, where it is built in."""

    def __init__(self, readline: ModuleType, complete: Callable[[str], Sequence[str]]) -> None:
        """`complete` gives all that a line could become."""
        self._readline = readline
        self._complete = complete
        readline.set_completer_delims("")
        readline.set_completer(self._candidate)
        libedit = "libedit" in (readline.__doc__ or "")
        readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")

    def line(self, prompt: str, draft: str = "") -> str:
        """One line from the terminal, which may begin with a draft."""
        self._readline.set_startup_hook(lambda: self._readline.insert_text(draft))
        return input(prompt)

    def remember(self, prompts: Iterable[str]) -> None:
        """Offer these before all that is written now; the oldest first."""
        for prompt in prompts:
            if "\n" not in prompt:
                self._readline.add_history(prompt)

    def _candidate(self, text: str, state: int) -> str | None:
        found = self._complete(text)
        return found[state] if state < len(found) else None


def find_editing(complete: Callable[[str], Sequence[str]]) -> LineEditing | None:
    """None in a pipe, on a terminal that has no cursor to move, and without readline."""
    if dumb_terminal() is not None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    try:
        import readline
    except ImportError:
        return None
    return LineEditing(readline, complete)
