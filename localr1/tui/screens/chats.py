"""The panel of chats: find one, open it, keep them in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.widgets import Input, OptionList

from localr1.errors import DatabaseError, UsageError
from localr1.store.chat import Chat
from localr1.store.chats import Chats
from localr1.store.writer import WAITING
from localr1.tui.chats.changes import Changes, short_title
from localr1.tui.chats.rows import Key, Rows
from localr1.tui.chats.wanted import Wanted
from localr1.tui.others import LOOK_SECONDS, Others
from localr1.tui.screens.chats_view import ChatsView
from localr1.tui.screens.line import LineScreen
from localr1.tui.widgets.chat_list import ChatList


class ChatsScreen(ChatsView):
    """Gives what the user wants to see, None to stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        Binding("ctrl+o", "stay", "Back to the chat"),
        Binding("n", "new", "New chat"),
        Binding("N", "new(True)", "Temporary chat"),
        Binding("r", "rename", "Rename"),
        Binding("p", "pin", "Pin"),
        Binding("t", "tag", "Tags"),
        Binding("d,delete", "delete", "Delete"),
        Binding("u", "undo", "Undo the deletion"),
        Binding("e", "export(False)", "Export"),
        Binding("E", "export(True)", "Export with thinking"),
    ]

    def __init__(self, chats: Chats, current: int | None) -> None:
        super().__init__()
        self._chats = chats
        self._rows = Rows(chats)
        self._current = current
        self._changes = Changes(chats, self._ask)
        self._others = Others()

    def on_mount(self) -> None:
        super().on_mount()
        self.look((self._current or 0, None))
        self.set_interval(LOOK_SECONDS, self.look_elsewhere)

    @work(group="elsewhere")
    async def look_elsewhere(self) -> None:
        """Show what other windows have done, with the mark where it is."""
        with suppress(DatabaseError, NoMatches):
            if self._chats.writer.waiting:
                self.remark(WAITING)
            if await self._others.wrote(self._chats):
                self.look(self._list.marked.key if self._list.marked else None)

    @work(group="look", exclusive=True)
    async def look(self, mark: Key | None = None) -> None:
        """Show what there is now, or what fits the words in the search line; this row is to be marked.

        The panel may have been closed while the store was asked, here and below.
        """
        with self.saying_errors(), suppress(NoMatches):
            searched = bool(self._search.value.strip())
            rows = await self._rows.all(self._search.value, self._list.count)
            self.show_rows(rows, mark, searched=searched)
            if searched and (share := await self._rows.indexed_share()) < 1:
                self.remark(f"indexing … {share:.0%}; more may be found later")

    @on(Input.Changed)
    def _search_changed(self) -> None:
        self.remark("")
        self.look()

    @on(ChatList.EndNear)
    @work(group="look")
    async def _show_more(self) -> None:
        with self.saying_errors(), suppress(NoMatches):
            written, offset = self._search.value, self._list.count
            rows = await self._rows.more(written, offset)
            if (written, offset) == (self._search.value, self._list.count):
                self._list.add(rows)

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    def action_open(self) -> None:
        """Open the chat that is marked, at the message that was found."""
        if row := self._list.marked:
            self.dismiss(Wanted(row.chat.id, row.message_id))

    def action_new(self, temporary: bool = False) -> None:
        """Begin a new chat."""
        self.dismiss(Wanted(temporary=temporary))

    def action_back(self) -> None:
        """Leave the search, or else the panel."""
        if not self.leave_search():
            self.action_stay()

    def action_stay(self) -> None:
        """Back to the chat that is open; to a new one when that was deleted."""
        self.dismiss(Wanted() if self._is_gone(self._current) else None)

    def _is_gone(self, chat_id: int | None) -> bool:
        try:
            return chat_id is not None and self._chats.get(chat_id).id != chat_id
        except UsageError:
            return True

    @work(group="change")
    async def action_rename(self) -> None:
        """Ask for a title and take it."""
        await self._change(self._changes.rename)

    @work(group="change")
    async def action_tag(self) -> None:
        """Ask for tags and take them."""
        await self._change(self._changes.tag)

    @work(group="change")
    async def action_export(self, thinking: bool) -> None:
        """Ask for the name of a file and write it."""
        await self._change(partial(self._changes.export, thinking=thinking))

    @work(group="change")
    async def action_pin(self) -> None:
        """Let the chat stand before all others, or no longer."""
        await self._change(self._changes.pin)

    @work(group="change")
    async def action_delete(self) -> None:
        """Delete the chat; u brings it back."""
        await self._change(self._changes.delete)

    @work(group="change")
    async def action_undo(self) -> None:
        """Bring back the chat that was deleted last."""
        with self.saying_errors():
            if chat := await self._changes.undo():
                self._done(f"“{short_title(chat)}” is back", (chat.id, None))
            else:
                self.remark("nothing to bring back")

    async def _change(self, change: Callable[[Chat], Awaitable[str]]) -> None:
        """Change the chat that is marked; what the store refuses is said, and the list shows what is."""
        if chat := self._marked_chat():
            with self.saying_errors():
                self._done(await change(chat))

    def _marked_chat(self) -> Chat | None:
        row = self._list.marked
        return row.chat if row else None

    def _done(self, remark: str, mark: Key | None = None) -> None:
        marked = self._list.marked
        self.remark(remark)
        self.look(mark or (marked.key if marked else None))

    async def _ask(self, screen: LineScreen) -> str | None:
        return await self.app.push_screen_wait(screen)
