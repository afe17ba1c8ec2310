"""What can be done with the chat that is open as far as the store has it: another title, a file."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from localr1.open_chat import OpenChat
from localr1.safe_text import safe_line
from localr1.tui.screens.line import LineScreen
from localr1.tui.widgets.status import READING_SECONDS, Status


async def rename(chat: OpenChat, status: Status, title: str = "") -> None:
    """Give it this title, or one that the user is asked for."""
    with status.saying_errors():
        saved = await chat.saved()
        new: str | None = safe_line(title)
        if not new:
            new = await status.app.push_screen_wait(LineScreen("A title for this chat", saved.title))
        if new:
            chats = await chat.chats()
            await chats.writer.write(partial(chats.rename, saved.id, new))
            status.flash(f"this chat is now “{new}”")


async def export(chat: OpenChat, status: Status, file: str = "") -> None:
    """Write it to a new file of this name, or of its own, and say where that is."""
    from localr1.chat.chat_file import export_chat

    with status.saying_errors():
        saved, chats = await chat.saved(), await chat.chats()
        path = await asyncio.to_thread(export_chat, chats, saved, Path.cwd(), file)
        status.flash(f"written to {safe_line(str(path))}", READING_SECONDS)
