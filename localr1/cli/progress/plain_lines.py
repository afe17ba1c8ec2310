"""Progress in a pipe or a log: one line now and then."""

from __future__ import annotations

import click

from localr1.cli.progress.shown import Shown
from localr1.safe_text import safe_line

TENTHS = 10
"""Lines from the beginning of a piece of work to its end."""


class PlainLines:
    """Says how far work has come at its beginning and at each tenth of it."""

    def __init__(self) -> None:
        self._said: tuple[str, int] | None = None

    def say(self, line: str) -> None:
        click.echo(safe_line(line), err=True)

    def wait(self, reason: str) -> None:
        self.say(reason)

    def show(self, step: Shown) -> None:
        reached = (step.label, TENTHS * step.percent // 100)
        if reached != self._said:
            self._said = reached
            self.say(step.text)

    def stop(self) -> None:
        """Nothing has to be taken away."""
