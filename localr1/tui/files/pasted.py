"""A paste → what it writes: mentions of files dragged here or of a long text that is held, or itself."""

from __future__ import annotations

import asyncio

from localr1.here import Here
from localr1.safe_text import safe_line, safe_text
from localr1.tui.files.dropped import dropped_files
from localr1.tui.files.held import Held
from localr1.tui.files.mention import path_mention

LONGEST = 64 * 1024
"""Characters that are written into the prompt; longer text is held beside it and mentioned."""
MOST_LINES = 500
"""Lines that are written into the prompt."""


async def pasted(text: str, here: Here, held: Held) -> str:
    """What a paste writes into the prompt; the disk is asked in a thread."""
    spelled = [here.spelled(path) for path in await asyncio.to_thread(dropped_files, text)]
    if spelled and all(safe_line(path) == path for path in spelled):
        return "".join(f"{path_mention(path)} " for path in spelled)
    lines = universal_newlines(text)
    if len(lines) > LONGEST or lines.count("\n") >= MOST_LINES:
        return f"{held.paste(lines)} "
    return safe_text(lines)


def universal_newlines(text: str) -> str:
    """The text with every kind of line end made a newline."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
