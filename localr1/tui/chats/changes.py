"""What a user can do with a chat in the list; most of it gives a remark to make, or an empty one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import ParamSpec

from localr1.chat.export import to_markdown
from localr1.chat.export_file import proposed_file, write_new_file, written_path
from localr1.safe_text import safe_line
from localr1.store.chat import Chat
from localr1.store.chats import Chats
from localr1.store.shelf import tags_of
from localr1.tui.screens.line import LineScreen

P = ParamSpec("P")
Ask = Callable[[LineScreen], Awaitable[str | None]]
SHORT = 16
"""Characters of a title in a remark."""
KNOWN_TAGS = 8
"""Tags in use that are named where some are asked for."""


class Changes:
    """Changes the store; what it refuses is raised."""

    def __init__(self, chats: Chats, ask: Ask) -> None:
        self._chats = chats
        self._ask = ask

    async def rename(self, chat: Chat) -> str:
        """Ask for a title; an empty one leaves the old one."""
        if title := await self._ask(LineScreen("A title for this chat", chat.title)):
            await self._write(self._chats.rename, chat.id, title)
        return ""

    async def tag(self, chat: Chat) -> str:
        """Ask for the chat's tags; none are tags as well."""
        known = ", ".join(self._chats.shelf.tags()[:KNOWN_TAGS])
        about = safe_line(f"There are {known}.") if known else "Words of your own, apart by blanks."
        written = await self._ask(LineScreen("Tags of this chat", " ".join(chat.tags), about=about))
        if written is not None:
            await self._write(self._chats.shelf.tag, chat.id, tags_of(written))
        return ""

    async def pin(self, chat: Chat) -> str:
        """Let the chat stand before all others, or no longer."""
        await self._write(self._chats.shelf.pin, chat.id, not chat.pinned)
        return "unpinned" if chat.pinned else "pinned"

    async def delete(self, chat: Chat) -> str:
        """Take the chat out of sight; it can come back until the program ends."""
        await self._write(self._chats.deletions.add, chat.id)
        return f"“{short_title(chat)}” deleted, u brings it back"

    async def undo(self) -> Chat | None:
        """Bring back what was deleted last, if there is anything."""
        if chat := self._chats.deletions.newest():
            await self._write(self._chats.deletions.undo, chat.id)
        return chat

    async def export(self, chat: Chat, *, thinking: bool) -> str:
        """Ask for a name and write the chat as Markdown."""
        written = await self._ask(_name_wanted(chat, thinking=thinking))
        if not written:
            return ""
        path = written_path(written)
        text = to_markdown(chat.title, self._chats.branch(chat.id), thinking=thinking)
        await asyncio.to_thread(write_new_file, path, text)
        return f"written to {safe_line(str(path))}"

    async def _write(self, change: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Write it also where the panel is closed while another program writes."""
        await asyncio.shield(self._chats.writer.write(partial(change, *args, **kwargs)))


def _name_wanted(chat: Chat, *, thinking: bool) -> LineScreen:
    what = "with its thinking" if thinking else "without its thinking"
    about = f"As Markdown, {what}; in {safe_line(str(Path().absolute()))}"
    return LineScreen(
        "Write the chat to", str(proposed_file(chat.title, Path())), verb="write it", about=about
    )


def short_title(chat: Chat) -> str:
    """For a sentence about the chat."""
    title = safe_line(chat.title) or "untitled"
    return title if len(title) <= SHORT else f"{title[: SHORT - 1]}…"
