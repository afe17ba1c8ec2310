"""One line at the bottom of a terminal that says what is being waited for, and then goes."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TextIO

from rich.cells import cell_len, set_cell_size

from localr1.environment import dumb_terminal
from localr1.safe_text import safe_line

PATIENCE = 0.4
"""Seconds before the line appears: what is quicker needs no word."""
INTERVAL = 0.2
"""Seconds between two looks at what is going on."""


class LiveLine:
    """A line that rewrites itself; once stopped it stays away."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text: Callable[[], str] | None = None
        self._shown = False
        self._away = False
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def following(self, text: Callable[[], str]) -> Iterator[None]:
        """Show what `text` says, again and again, until `stop` or the end of the block."""
        self._text = text
        self._task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self.stop()

    def clear(self, *, unfinished: bool = False) -> None:
        """Make room for something else, and come back below it; not while that is an unfinished line."""
        self._away = unfinished
        if self._shown:
            self._shown = False
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def stop(self) -> None:
        """Remove the line for good."""
        if self._task:
            self._task.cancel()
            self._task = None
        self.clear()

    async def _run(self) -> None:
        await asyncio.sleep(PATIENCE)
        while self._text:
            if not self._away:
                self._draw(safe_line(self._text()))
            await asyncio.sleep(INTERVAL)

    def _draw(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        self._stream.write("\r\x1b[K" + set_cell_size(text, min(width, cell_len(text))))
        self._stream.flush()
        self._shown = True


def live_line(text: Callable[[], str]) -> AbstractContextManager[None]:
    """Show what `text` says on standard error during a block, where that is a terminal."""
    return LiveLine(sys.stderr).following(text) if _can_move(sys.stderr) else nullcontext()


def _can_move(stream: TextIO) -> bool:
    return stream.isatty() and dumb_terminal() is None
