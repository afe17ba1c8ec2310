"""How the panel of chats looks: at the left side, beside the conversation where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import Input, OptionList, Static

from localr1.safe_text import safe_line
from localr1.tui.chats.rows import Key, Row
from localr1.tui.chats.wanted import Wanted
from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.chat_list import ChatList
from localr1.tui.widgets.hints import Hints
from localr1.tui.widgets.line_input import LineInput
from localr1.wording import model_name, plural

WIDE = 120
"""Cells from which the conversation stands beside the panel."""
LOW = 16
"""Lines below which every one of them counts."""
FINDING = (
    ("Enter", "open", "screen.open"),
    ("/", "search", "screen.search"),
    ("n", "new", "screen.new"),
    ("N", "temporary", "screen.new(True)"),
)
KEEPING = (
    ("r", "rename", "screen.rename"),
    ("p", "pin", "screen.pin"),
    ("t", "tag", "screen.tag"),
    ("d", "delete", "screen.delete"),
    ("e", "export", "screen.export(False)"),
)
BESIDE = "beside-chats"
"""The class of the screen that makes room for the panel."""


class ChatsView(Panel[Wanted | None]):
    """A search line, the list, and what is to be known of the chat that is marked."""

    AUTO_FOCUS = "ChatList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search"),
        Binding("up", "move(-1)", "Up"),
        Binding("down", "move(1)", "Down"),
    ]

    _search = getters.query_one(Input)
    _list = getters.query_one(ChatList)
    _about = getters.query_one("#about", Static)

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel chats"):
            yield LineInput(placeholder="/ titles, texts, tag:work, in:thinking", compact=True)
            yield Static(id="remark")
            yield ChatList()
            yield Static(id="none", classes="dim")
            yield Static(id="about", classes="dim")
            with Vertical(id="hints"):
                yield Hints(*FINDING)
                yield Hints(*KEEPING)

    def on_mount(self) -> None:
        self.remark("")

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width >= WIDE, "wide")
        self.set_class(event.size.height < LOW, "low")
        self._make_room(event.size.width >= WIDE)

    def on_unmount(self) -> None:
        self._make_room(False)

    def _make_room(self, room: bool) -> None:
        """Let the screen below stand beside the panel, or behind it."""
        for screen in self.app.screen_stack:
            if screen is not self:
                screen.set_class(room, BESIDE)

    def show_rows(self, rows: Sequence[Row], wanted: Key | None, *, searched: bool) -> None:
        """Show these; of none say what that means."""
        self._list.show(rows, wanted)
        nothing = self.query_one("#none", Static)
        nothing.display = not rows
        nothing.update(Content("Nothing found." if searched else "No chats yet."))
        if not rows:
            self._about.update()

    def remark(self, words: str) -> None:
        """Say what has been done, until something else is."""
        remark = self.query_one("#remark", Static)
        remark.display = bool(words)
        remark.update(Content.styled(words, "$text-accent"))

    @on(OptionList.OptionHighlighted)
    def _describe(self) -> None:
        if row := self._list.marked:
            chat = row.chat
            tags = (f"#{safe_line(tag)}" for tag in chat.tags)
            words = (plural(chat.messages, "message"), model_name(chat.model), " ".join(tags))
            self._about.update(Content(" · ".join(word for word in words if word)))

    def action_search(self) -> None:
        """Let the user write what to look for."""
        self._search.focus()

    def leave_search(self) -> bool:
        """Forget what was written; false where nothing was."""
        was_used = bool(self._search.value) or self._search.has_focus
        self._search.clear()
        self._list.focus()
        return was_used

    def action_move(self, rows: int) -> None:
        """Move the mark while the user writes."""
        self._list.action_cursor_down() if rows > 0 else self._list.action_cursor_up()
