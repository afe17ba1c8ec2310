"""What becomes of the chat that is open in other windows, shown here while nothing else goes on."""

from __future__ import annotations

import asyncio
from functools import partial

from localr1.errors import DatabaseError
from localr1.safe_text import safe_line
from localr1.store.standing import Standing
from localr1.tui.others import Others
from localr1.tui.turns import Turns
from localr1.tui.widgets.notice import Note

CHANGED = "changed in another window"
GROWING = "another window is answering in this chat"
DELETED = "This chat was deleted elsewhere; another window may bring it back with u. Ctrl+N begins a new one."


class Elsewhere:
    """Follows one chat at a time; what can't be read now is looked at again."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._chat = turns.chat
        self._others = Others()
        self._one = asyncio.Lock()
        """On a busy machine a look may take longer than the time to the next one."""
        self._followed: int | None = None
        self._title = ""
        self._said = ""
        """What was said last about the chat, which is not said twice."""
        self._note: Note | None = None
        """That it is deleted; it goes when the chat comes back."""

    async def look(self) -> None:
        """Show what others have done, unless a turn is running or a question is being edited."""
        if not self._free or self._chat.temporary or self._one.locked():
            return
        async with self._one:
            await self._look()

    async def _look(self) -> None:
        try:
            chats = await self._chat.saved_chats()
            chat_id = self._chat.id
            if chat_id != self._followed:
                self._follow(chat_id)
            if await self._others.wrote(chats) and chat_id is not None:
                standing = await asyncio.to_thread(chats.standing, chat_id)
                if self._free and self._chat.id == chat_id:
                    self._turns.begin(partial(self._show, standing))
                else:
                    self._others.forget()
        except DatabaseError:
            self._others.forget()

    @property
    def _free(self) -> bool:
        turns = self._turns
        return turns.shown and not turns.running.busy and turns.foot.prompt.editing is None

    def _follow(self, chat_id: int | None) -> None:
        self._others.forget()
        self._followed, self._title, self._said, self._note = chat_id, "", "", None

    async def _show(self, standing: Standing | None) -> None:
        if standing is None:
            await self._say_deleted()
            return
        await self._take_back()
        conversation, status = self._turns.conversation, self._turns.foot.status
        before, self._title = self._title, standing.title
        if [*conversation.messages] != standing.branch:
            await conversation.renew(standing.branch, standing.siblings)
            status.flash(GROWING if standing.growing else CHANGED)
        elif standing.growing and self._said != GROWING:
            status.flash(GROWING)
        elif before and before != standing.title:
            status.flash(f"this chat is now “{safe_line(standing.title)}”")
        conversation.mark(standing.siblings)
        self._said = GROWING if standing.growing else ""

    async def _say_deleted(self) -> None:
        if self._note is None:
            self._note = await self._turns.conversation.add(Note(DELETED))

    async def _take_back(self) -> None:
        if self._note:
            await self._note.remove()
            self._note = None
