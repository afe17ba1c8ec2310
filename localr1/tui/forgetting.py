"""Forgetting old chats, as the user has set it: out of sight when the app begins, erased when it ends."""

from __future__ import annotations

import asyncio

from localr1.open_chat import OpenChat
from localr1.tui.widgets.status import Status
from localr1.wording import plural

FLASH_SECONDS = 8.0


async def forget_old_chats(open_chat: OpenChat, status: Status) -> None:
    """Do so beside the user's work, and say how many went; u brings them back like any other."""
    runtime, shown = await open_chat.runtime(), open_chat.id
    with status.saying_errors():
        if forgotten := await asyncio.to_thread(runtime.forget, shown):
            status.flash(f"{plural(forgotten, 'old chat')} forgotten; Ctrl+O, u brings back", FLASH_SECONDS)
