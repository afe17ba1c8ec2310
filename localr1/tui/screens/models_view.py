"""How the models look: a list, and beside or below it all about the one that is marked."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import Input, OptionList, Static

from localr1.safe_text import safe_line
from localr1.tui.downloads.downloads import Downloads
from localr1.tui.models.facts import Marked, machine_words
from localr1.tui.models.keys import hints_for
from localr1.tui.models.survey import Survey
from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.filter import Filter
from localr1.tui.widgets.hints import Hints
from localr1.tui.widgets.model_details import ModelBrief, ModelDetails
from localr1.tui.widgets.model_table import ModelTable

WIDE = 100
"""Cells from which the details stand beside the list."""
SLIM = 60
"""Cells below which only the models themselves are shown."""
LOW = 16
"""Lines below which every one of them counts."""


class ModelsView(Panel[str]):
    """Shows what is known, lets the user mark a model and one of its quants, and filters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "quant(-1)", "Smaller quant"),
        Binding("right", "quant(1)", "Larger quant"),
        Binding("up", "move(-1)", "Up"),
        Binding("down", "move(1)", "Down"),
        Binding("slash", "filter", "Filter"),
    ]

    _table = getters.query_one(ModelTable)
    _filter = getters.query_one(Filter)

    def __init__(self, downloads: Downloads, wanted: str) -> None:
        super().__init__()
        self._downloads = downloads
        self._wanted = wanted

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel models"):
            with Horizontal(id="top"):
                yield Static(Content("Models"), classes="title")
                yield Static(id="machine", classes="dim")
            with Horizontal(id="shelf"):
                yield ModelTable(self._downloads, self._wanted)
                yield ModelDetails()
            yield ModelBrief()
            yield Filter("a name, a word, hf:owner/repo, or the path of a file")
            yield Hints()

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width >= WIDE, "wide")
        self.set_class(event.size.width < SLIM, "slim")
        self.set_class(event.size.height < LOW, "low")

    @property
    def marked(self) -> Marked | None:
        """The model that is marked, with what is known of it."""
        return self._table.marked

    def _show(self, found: Survey) -> None:
        self._say_above(machine_words(found.machine))
        self._table.show(found)
        self._describe()

    @on(OptionList.OptionHighlighted)
    def _describe(self) -> None:
        """Say all about the model that is marked, and what can be done with it."""
        marked = self.marked
        self.query_one(ModelDetails).show(marked)
        self.query_one(ModelBrief).show(marked)
        self.query_one(Hints).show(*hints_for(marked))

    def action_move(self, steps: int) -> None:
        """Mark another model; the keys work while the filter is being written, too."""
        self._table.move(steps)

    def action_quant(self, steps: int) -> None:
        """Look at a larger or smaller quant of the model."""
        self._table.change_quant(steps)
        self._describe()

    def action_quant_at(self, index: int) -> None:
        """Look at this quant of the model."""
        self._table.choose_quant(index)
        self._describe()

    def action_filter(self) -> None:
        """Let the user write what to look for."""
        self._filter.open()

    @on(Input.Changed)
    def _filter_changed(self, event: Input.Changed) -> None:
        self._table.filter(event.value)
        self._describe()

    def _show_all(self) -> bool:
        """End the filter; false where there was none."""
        was_open = self._filter.close()
        self._table.filter("")
        self._table.take_focus()
        return was_open

    def _say_above(self, words: str) -> None:
        self.query_one("#machine", Static).update(Content(safe_line(words)))
