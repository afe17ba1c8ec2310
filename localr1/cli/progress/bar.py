"""Progress on a terminal: a bar on the last line, and lines that stay above it."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Column

from localr1.cli.progress.shown import Shown
from localr1.safe_text import safe_line


class Bar:
    """Appears with the first step, and goes when it is stopped."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            BarColumn(bar_width=24, complete_style="cyan", finished_style="cyan"),
            TextColumn(
                "{task.fields[text]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")
            ),
            console=console,
            transient=True,
        )
        self._task: TaskID | None = None

    def say(self, line: str) -> None:
        self._console.print(safe_line(line), markup=False, highlight=False, emoji=False, soft_wrap=True)

    def wait(self, reason: str) -> None:
        self._update(safe_line(reason))

    def show(self, step: Shown) -> None:
        self._update(step.text, completed=step.done, total=step.total)

    def stop(self) -> None:
        """Take the bar away; the next step brings a new one."""
        if self._task is not None:
            self._progress.stop()
            self._progress.remove_task(self._task)
            self._task = None

    def _update(self, text: str, *, completed: int | None = None, total: int | None = None) -> None:
        if self._task is None:
            self._task = self._progress.add_task("", total=total, text=text)
            self._progress.start()
        self._progress.update(self._task, text=text, completed=completed, total=total)
