"""A box with values that can be changed: a list, all about the marked one, and a line to write in."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar, TypeVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from localr1.errors import LocalR1Error
from localr1.safe_text import safe_text
from localr1.tui.screens.panel import Panel
from localr1.tui.settings.row import ValueRow
from localr1.tui.widgets.hints import Hint, Hints
from localr1.tui.widgets.value_line import ValueLine
from localr1.tui.widgets.value_list import ValueList

T = TypeVar("T")
LOW = 16
"""Lines below which every one of them counts."""
TAKE: Hint = ("Enter", "take it", "screen.take")
CHOOSE: Hint = ("↑↓", "choose", "app.simulate_key('down')")
LEAVE: Hint = ("Esc", "leave it as it was", "screen.back")


class ValuesScreen(Panel[T]):
    """What such boxes share; a subclass knows the values."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        Binding("x,delete", "reset", "Back to the default"),
    ]
    TITLE: ClassVar[str]

    _list = getters.query_one(ValueList)
    _line = getters.query_one(ValueLine)

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel values"):
            yield Static(Content(self.TITLE), classes="title")
            yield from self.above()
            yield ValueList()
            yield Static(id="about")
            yield ValueLine()
            yield Hints()

    def on_mount(self) -> None:
        self.show()
        self._list.focus()

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.height < LOW, "low")

    def above(self) -> Iterable[Widget]:
        """What stands over the list."""
        return ()

    @abstractmethod
    def rows(self) -> Sequence[ValueRow]:
        """The values as they are now."""

    @abstractmethod
    def hints(self) -> Sequence[Hint]:
        """The keys that matter while no value is being changed."""

    @abstractmethod
    async def change(self, name: str, text: str) -> None:
        """Take what is written; an empty text is the default. Raises LocalR1Error for what can't be used."""

    async def edit(self, row: ValueRow) -> None:
        """Let the user change a value."""
        self._line.open(row)
        self.query_one(Hints).show(*((TAKE, CHOOSE, LEAVE) if row.choices else (TAKE, LEAVE)))

    def show(self) -> None:
        """Show the values as they are now."""
        self._list.show(self.rows())
        self._describe()
        self.query_one(Hints).show(*self.hints())

    @on(OptionList.OptionHighlighted)
    def _describe(self) -> None:
        marked = self._list.marked
        self.query_one("#about", Static).update(Content(safe_text(marked.about if marked else "")))

    @on(OptionList.OptionSelected)
    @work(group="change", exclusive=True)
    async def action_edit_marked(self) -> None:
        """Change the value that is marked."""
        if marked := self._list.marked:
            with self.saying_errors():
                await self.edit(marked)

    @on(Input.Submitted)
    @work(group="change", exclusive=True)
    async def action_take(self) -> None:
        """Take what is written."""
        try:
            await self.change(self._line.changes, self._line.text)
        except LocalR1Error as error:
            self._line.fail(error)
        else:
            self._rest()

    @work(group="change", exclusive=True)
    async def action_reset(self) -> None:
        """Let the default of the marked value hold again."""
        if marked := self._list.marked:
            with self.saying_errors():
                await self.change(marked.name, "")
                self.show()

    def action_back(self) -> None:
        """Leave a value as it was, or leave the box."""
        if self._line.display:
            self._rest()
        else:
            self.leave()

    @abstractmethod
    def leave(self) -> None:
        """Back to the chat."""

    def _rest(self) -> None:
        self._line.close()
        self._list.focus()
        self.show()
