"""Work that takes a while, shown on standard error as far as that can show it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from localr1.cli.progress.shown import Shown
from localr1.cli.signals import stopping_on_signals


class Progress(Protocol):
    """Shows one piece of work after the other."""

    def say(self, line: str) -> None:
        """A line that stays."""

    def wait(self, reason: str) -> None:
        """What keeps the work from going on just now."""

    def show(self, step: Shown) -> None:
        """How far it has come."""

    def stop(self) -> None:
        """This piece of work has ended."""


class _Silent:
    def say(self, line: str) -> None: ...

    def wait(self, reason: str) -> None: ...

    def show(self, step: Shown) -> None: ...

    def stop(self) -> None: ...


@contextmanager
def open_progress(*, quiet: bool = False) -> Iterator[Progress]:
    """A bar on a terminal that can draw one, plain lines elsewhere, nothing when it is to be quiet."""
    progress = new_progress(quiet=quiet)
    with stopping_on_signals():
        try:
            yield progress
        finally:
            progress.stop()


def new_progress(*, quiet: bool = False) -> Progress:
    """The same for who ends it by `stop`, and minds signals."""
    if quiet:
        return _Silent()
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_terminal and not console.is_dumb_terminal and not console.no_color:
        from localr1.cli.progress.bar import Bar

        return Bar(console)
    from localr1.cli.progress.plain_lines import PlainLines

    return PlainLines()
