"""The files that will go with a question, above the prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets import Static

from localr1.safe_text import safe_line
from localr1.wording import plural

SHOWN_FILES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A file: its name and what is known of it, or why it can't go."""

    name: str
    facts: tuple[str, ...] = ()
    problem: str = ""


class AttachmentList(Static):
    """A line a file; there is none while no file is mentioned."""

    def __init__(self) -> None:
        super().__init__()
        self.display = False

    def show(self, rows: Sequence[Row]) -> None:
        """Show these, and how many more there are; problems come first."""
        ordered = sorted(rows, key=lambda row: not row.problem)
        lines = [_line(row) for row in ordered[:SHOWN_FILES]]
        if more := len(ordered) - SHOWN_FILES:
            lines += [Content(f"and {plural(more, 'more file')}")] if more > 0 else []
        self.update(Content("\n").join(lines))
        self.display = bool(rows)


def _line(row: Row) -> Content:
    if row.problem:
        return Content.styled(safe_line(row.problem), "$text-warning")
    return Content.styled(safe_line(row.name), "$text") + Content("".join(f" · {fact}" for fact in row.facts))
