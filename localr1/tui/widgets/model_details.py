"""The model that is marked: all about it on a wide screen, two lines on a narrow one."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content, Span
from textual.style import Style
from textual.widgets import Static

from localr1.safe_text import safe_line, safe_text
from localr1.tui.models.columns import VERDICTS
from localr1.tui.models.facts import Marked, facts, needs, runs, summary, title
from localr1.units import size_text

LABEL = 11
"""Cells of the labels."""


class ModelDetails(VerticalScroll, can_focus=False):
    """Beside the list."""

    _marked: Marked | None = None

    def compose(self) -> ComposeResult:
        yield Static()

    def show(self, marked: Marked | None) -> None:
        """Show this model in place of the one before."""
        if marked is None or self._marked is None or marked.row.key != self._marked.row.key:
            self.scroll_home(animate=False)
        self._marked = marked
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        width = max(20, self.scrollable_content_region.width)
        self.query_one(Static).update(_page(self._marked, width) if self._marked else Content(""))


class ModelBrief(Static):
    """Below the list, where there is no room beside it."""

    def show(self, marked: Marked | None) -> None:
        """Show this model in place of the one before."""
        self.update(Content("\n").join(_brief(marked)) if marked else Content(""))


def _page(marked: Marked, width: int) -> Content:
    row = marked.row
    parts = [Content.styled(title(row), "bold"), Content(summary(row))]
    if marked.reason:
        parts += [Content(""), Content.assemble(("★ ", "$text-accent"), safe_text(marked.reason))]
    if marked.error:
        parts += [Content(""), *_error(marked)]
    quants = [_quant(marked, index) for index in range(len(row.choices))]
    lines = [line for part in parts for line in part.wrap(width)]
    known = [line for label, words in facts(marked) for line in _fact(label, words, width)]
    return Content("\n").join([*lines, Content(""), *quants, Content(""), *known])


def _brief(marked: Marked) -> list[Content]:
    row, choice = marked.row, marked.choice
    if marked.error:
        return _error(marked)
    several = f"  ‹ {marked.index + 1} of {len(row.choices)} ›" if len(row.choices) > 1 else ""
    first = Content.assemble(
        (title(row), "bold"), "  ", _click(choice.quant, "screen.quant(1)"), (several, "$text-muted")
    )
    fit = choice.fit
    last = f"needs {needs(fit, marked.machine)}: {runs(fit)}" if fit else ""
    licence = f" {safe_line(row.entry.license)}." if row.entry else ""
    return [first, Content(last), Content.styled(summary(row) + licence, "$text-muted")]


def _error(marked: Marked) -> list[Content]:
    error = marked.error
    if error is None:
        return []
    lines = [Content.styled(safe_line(error.message), "$text-error")]
    return [*lines, Content.styled(safe_line(error.hint), "$text-muted")] if error.hint else lines


def _quant(marked: Marked, index: int) -> Content:
    choice = marked.row.choices[index]
    chosen = index == marked.index
    verdict, style = VERDICTS[choice.fit.verdict] if choice.fit else ("", "")
    size = size_text(choice.size) if choice.size else ""
    quant = Content.styled(f"{safe_line(choice.quant) or '–':<8}{size:>8}", "bold" if chosen else "")
    return Content.assemble(
        ("› " if chosen else "  ", "$text-accent"),
        _click(quant, f"screen.quant_at({index})"),
        (f"  {verdict:<9}", style),
        (" ✓" if choice.local else "", "$text-success"),
    )


def _click(text: Content | str, action: str) -> Content:
    content = Content(text) if isinstance(text, str) else text
    return content.add_spans([Span(0, len(content), Style.from_meta({"@click": action}))])


def _fact(label: str, words: str, width: int) -> list[Content]:
    """A label, and beside it the words in as many lines as they take."""
    lines = Content(words).wrap(max(10, width - LABEL))
    labels = [label, *[""] * (len(lines) - 1)]
    return [
        Content.assemble((side.ljust(LABEL), "$text-muted"), line)
        for side, line in zip(labels, lines, strict=True)
    ]
