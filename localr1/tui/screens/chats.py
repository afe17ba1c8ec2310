"""The list of chats: open, rename, delete."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.visual import VisualType
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from localr1.safe_text import safe_line
from localr1.store.chats import Chat, Chats
from localr1.tui.screens.confirm import ConfirmScreen
from localr1.tui.screens.panel import Panel
from localr1.tui.screens.rename import RenameScreen
from localr1.tui.widgets.hints import Hints
from localr1.tui.wording import plural, when

LISTED_CHATS = 500


class ChatsScreen(Panel[int | None]):
    """Gives the id of the chat to open, 0 for a new one, None to stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+o", "stay", "Back"),
        Binding("n", "new", "New chat"),
        Binding("r", "rename", "Rename"),
        Binding("d,delete", "delete", "Delete"),
    ]

    _list = getters.query_one(OptionList)

    def __init__(self, chats: Chats, current: int | None) -> None:
        super().__init__()
        self._chats = chats
        self._current = current
        self._shown: list[Chat] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel"):
            yield Static(Content("Chats"), classes="title")
            yield OptionList(markup=False, compact=True)
            yield Static(Content("No chats yet."), id="none", classes="dim")
            yield Hints(
                ("Enter", "open", "screen.open"),
                ("n", "new", "screen.new"),
                ("r", "rename", "screen.rename"),
                ("d", "delete", "screen.delete"),
                ("Esc", "back", "screen.stay"),
            )

    def on_mount(self) -> None:
        self._refresh()

    def on_resize(self) -> None:
        self._refresh()

    @on(OptionList.OptionSelected)
    def action_open(self) -> None:
        """Open the chat that is marked."""
        if chat := self._marked():
            self.dismiss(chat.id)

    def action_new(self) -> None:
        """Begin a new chat."""
        self.dismiss(0)

    def action_stay(self) -> None:
        """Back to the chat that is open; to a new one when that was deleted."""
        gone = self._current is not None and all(chat.id != self._current for chat in self._chats.list())
        self.dismiss(0 if gone else None)

    @work(group="change")
    async def action_rename(self) -> None:
        """Ask for a title and take it."""
        chat = self._marked()
        if chat and (title := await self.app.push_screen_wait(RenameScreen(chat.title))):
            self._change(lambda: self._chats.rename(chat.id, title))

    @work(group="change")
    async def action_delete(self) -> None:
        """Ask whether it is meant, then delete for good."""
        chat = self._marked()
        if chat is None:
            return
        title = safe_line(chat.title) or "this chat"
        consequence = f"{plural(chat.messages, 'message')}, gone for good."
        if await self.app.push_screen_wait(ConfirmScreen(f"Delete “{title}”?", consequence, "delete it")):
            self._change(lambda: self._chats.delete(chat.id))

    def _change(self, change: Callable[[], None]) -> None:
        """Change the store; what it refuses is said in a corner, and the list stays."""
        with self.saying_errors():
            change()
        self._refresh()

    def _marked(self) -> Chat | None:
        index = self._list.highlighted
        return None if index is None else self._shown[index]

    def _refresh(self) -> None:
        marked = self._marked()
        self._shown = self._chats.list(LISTED_CHATS)
        width = self._list.content_size.width or 60
        now = time.time()
        self._list.set_options(Option(_row(chat, width, now)) for chat in self._shown)
        ids = [chat.id for chat in self._shown]
        wanted = marked.id if marked else self._current
        self._list.highlighted = ids.index(wanted) if wanted in ids else 0 if ids else None
        self.query_one("#none").display = not ids
        self._list.display = bool(ids)
        self._list.focus()


def _row(chat: Chat, width: int, now: float) -> VisualType:
    """The title on the left, when and how long on the right."""
    about = f"{plural(chat.messages, 'message')} · {when(chat.updated_at, now)}"
    title = Content(safe_line(chat.title) or "untitled")
    room = max(10, width - len(about) - 2)
    return Content.assemble(title.truncate(room, ellipsis=True, pad=True), ("  " + about, "dim"))
