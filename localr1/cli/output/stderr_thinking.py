"""The thinking on standard error."""

from __future__ import annotations

import click

from localr1.safe_text import safe_text


class StderrThinking:
    """Dim on a terminal with an empty line behind it; elsewhere as the model wrote it."""

    def __init__(self, terminal: bool) -> None:
        self._terminal = terminal
        self._last = ""

    def put(self, text: str) -> None:
        """More of it."""
        shown = click.style(safe_text(text), dim=True) if self._terminal else text.encode("utf-8", "replace")
        click.echo(shown, nl=False, err=True)
        self._last = text or self._last

    def end(self) -> None:
        """End its last line, once."""
        if self._last:
            ending = "" if self._last.endswith("\n") else "\n"
            click.echo(ending + "\n" * self._terminal, nl=False, err=True)
            self._last = ""
