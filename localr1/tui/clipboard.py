"""The clipboard of the user's desktop, reached by the programs that belong to it.

The terminal's own clipboard is Textual's business; not every terminal has one, and not all of them say so.
"""

from __future__ import annotations

import asyncio
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress

from localr1.desktop import Desktop

PATIENCE_SECONDS = 2.0
"""Time that a program has to take the text."""


async def put(text: str, desktop: Desktop, patience: float = PATIENCE_SECONDS) -> str:
    """Put a text there; gives the name of the program that took it, "" where none did."""
    for command in _commands(desktop):
        path = await asyncio.to_thread(shutil.which, command[0], path=desktop.programs)
        if path and await _fed((path, *command[1:]), _encoded(text, command[0]), patience):
            return command[0]
    return ""


def _commands(desktop: Desktop) -> list[tuple[str, ...]]:
    """The commands that may reach the user, the likeliest first."""
    known = (
        (desktop.wayland, ("wl-copy", "--type", "text/plain")),
        (desktop.x11, ("xclip", "-selection", "clipboard", "-in")),
        (desktop.x11, ("xsel", "--clipboard", "--input")),
        (not desktop.remote, ("pbcopy",)),
        (desktop.wsl and not desktop.remote, ("clip.exe",)),
        (desktop.tmux, ("tmux", "load-buffer", "-w", "-")),
    )
    return [command for reaches, command in known if reaches]


def _encoded(text: str, program: str) -> bytes:
    """Windows takes bytes for UTF-16, or else for an old code page."""
    return text.encode("utf-16-le" if program == "clip.exe" else "utf-8")


async def _fed(command: tuple[str, ...], text: bytes, patience: float) -> bool:
    """Whether a program has read the text and was content with it.

    Some stay behind to serve the clipboard: in a session of their own they outlive the terminal.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True
        )
    except OSError:
        return False
    try:
        await asyncio.wait_for(process.communicate(text), patience)
    except asyncio.TimeoutError:
        return False
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return process.returncode == 0
