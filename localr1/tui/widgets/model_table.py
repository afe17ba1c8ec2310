"""The models in a table: which are shown, which quant of each is meant, and which one is marked."""

from __future__ import annotations

from collections.abc import Iterator

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from localr1.errors import LocalR1Error
from localr1.safe_text import safe_text
from localr1.tui.downloads.downloads import Download, Downloads
from localr1.tui.models.changes import is_path
from localr1.tui.models.columns import heading, line
from localr1.tui.models.facts import Marked
from localr1.tui.models.hub_rows import download_row
from localr1.tui.models.shelf import Choice, Row
from localr1.tui.models.survey import Survey
from localr1.tui.widgets.model_list import ModelList


class ModelTable(Vertical):
    """Shows what a survey has found; the mark stays where the user has put it."""

    _list = getters.query_one(ModelList)

    def __init__(self, downloads: Downloads, wanted: str) -> None:
        super().__init__()
        self._downloads = downloads
        self._wanted = wanted
        """Name of the model that is marked at first; empty for the one that suits the machine best."""
        self._advised = ""
        """Key of the model that is marked until the user marks another."""
        self._survey = Survey()
        self._rows: tuple[Row, ...] = ()
        self._words: list[str] = []
        self._quants: dict[str, int] = {}
        """Which quant of a model the user looks at, where it is not the first choice."""

    def compose(self) -> ComposeResult:
        yield Static(id="heading", classes="dim")
        yield ModelList()
        yield Static(id="none", classes="dim")

    @property
    def marked(self) -> Marked | None:
        """The model that is marked, with what is known of it."""
        row = self._list.marked
        if row is None:
            return None
        index = self._index(row)
        download = self._downloads.of(row.name_of(row.choices[index]))
        reason = self._survey.reason if row.key == self._survey.best_key else ""
        return Marked(row, index, download, self._survey.machine, reason)

    def show(self, survey: Survey) -> None:
        """Show this in place of what was known before."""
        marked = self._list.marked
        moved = marked is not None and marked.key != self._advised
        self._survey = survey
        self._rows = (*survey.rows, *self._strays(survey))
        first = self._rows[0].key if self._rows else ""
        self._advised = self._find_wanted() or survey.best_key or first
        self._fill(marked.key if marked and moved else self._advised)

    def fail(self, error: LocalR1Error) -> None:
        """Say why there is nothing to show."""
        if not self._rows:
            self.query_one("#none", Static).update(Content(safe_text(f"{error.message}\n{error.hint}")))

    def filter(self, text: str) -> None:
        """Show only the models that all these words are said of; one that is called so is marked."""
        self._words = text.lower().split()
        called = [row for row in self._rows if self._words and row.is_called(self._words)]
        called.sort(key=lambda row: row.name.lower() != text.lower())
        marked = self._list.marked.key if self._list.marked else self._advised
        self._fill(called[0].key if called else marked)

    def refresh_lines(self) -> None:
        """Draw every line anew, as downloads have gone on."""
        self._list.redraw(self._draw)

    def mark(self, key: str) -> None:
        """Mark this model."""
        self._fill(key)

    def move(self, steps: int) -> None:
        """Mark the next model, or the one before."""
        if steps > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def change_quant(self, steps: int) -> None:
        """Look at a larger or smaller quant of the model; after the largest comes the smallest."""
        if row := self._list.marked:
            self.choose_quant((self._index(row) + steps) % len(row.choices))

    def choose_quant(self, index: int) -> None:
        """Look at this quant of the model."""
        if row := self._list.marked:
            self._quants[row.key] = index
            self.refresh_lines()

    def take_focus(self) -> None:
        """The keys are the list's again."""
        self._list.focus()

    def _strays(self, survey: Survey) -> Iterator[Row]:
        """What is on its way here and stands in no other line."""
        choices = ((row, choice) for row in survey.rows for choice in row.choices)
        known = {name for row, choice in choices for name in (row.name_of(choice), choice.name)}
        for download in self._downloads.all():
            if download.name not in known:
                yield download_row(download)

    def _find_wanted(self) -> str:
        """The key of the model that is wanted, whose quant is meant from now on."""
        for row in self._rows if self._wanted else ():
            for index, choice in enumerate(row.choices):
                if self._wanted in (row.name_of(choice), choice.name):
                    self._quants.setdefault(row.key, index)
                    return row.key
        return ""

    def _fill(self, marked: str) -> None:
        rows = [row for row in self._rows if row.matches(self._words)]
        self._list.show(rows, self._draw, marked)
        none = self.query_one("#none", Static)
        none.update(Content(self._why_none()))
        none.display = not rows
        self._list.display = bool(rows)

    def _why_none(self) -> str:
        if not self._rows:
            return "Looking…"
        if is_path(" ".join(self._words)):
            return "Enter takes this file where it is."
        return "No model is called that. Enter asks the hub."

    @on(ModelList.Resized)
    def _redraw(self) -> None:
        self.query_one("#heading", Static).update(heading(self._list.line_width))
        self.refresh_lines()

    def _draw(self, row: Row) -> Content:
        choice, download = self._on_its_way(row)
        best = row.key == self._survey.best_key
        return line(row, choice, download, self._list.line_width, recommended=best)

    def _on_its_way(self, row: Row) -> tuple[Choice, Download | None]:
        """The quant that is meant; or else another, when that is being fetched."""
        meant = row.choices[self._index(row)]
        for choice in (meant, *row.choices):
            if download := self._downloads.of(row.name_of(choice)):
                return choice, download
        return meant, None

    def _index(self, row: Row) -> int:
        return min(self._quants.get(row.key, row.first), len(row.choices) - 1)
