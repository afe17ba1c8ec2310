"""Chats of other programs, brought in while the chat goes on."""

from __future__ import annotations

import asyncio

from localr1.chat.export_file import written_path
from localr1.open_chat import OpenChat
from localr1.tui.widgets.status import READING_SECONDS, Status


async def bring_in(chat: OpenChat, status: Status, file: str) -> None:
    """Bring the chats of a file or a folder to those on the disk, and say how many came."""
    from localr1.importing.bringing import bring_files

    with status.saying_errors():
        chats = await chat.saved_chats()
        report = await asyncio.to_thread(bring_files, chats.conversations, written_path(file))
        status.flash(str(report), READING_SECONDS)
