"""The help of commands, and the form that it takes on a terminal too narrow for two columns."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

import click

NARROW = 60
"""Columns; with fewer there is no room for a sentence beside the names of options."""
_HANGING = "    "


class _Words(textwrap.TextWrapper):
    """Breaks lines at spaces, and between values that are separated by bars."""

    wordsep_simple_re = re.compile(r"(\s+|(?<=\|))")


class HelpFormatter(click.HelpFormatter):
    """Breaks no word, and where it is narrow, writes what an option does below its name."""

    def write_text(self, text: str) -> None:
        if self.width >= NARROW:
            super().write_text(text)
        else:
            self.write("\n\n".join(map(self._paragraph, re.split(r"\n\s*\n", text))) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        if self.width >= NARROW or max(len(term) for term, _ in rows) <= self.width // 3:
            super().write_dl(rows, col_max, col_spacing)
            return
        for term, text in rows:
            self.write(f"{self._wrapped(term, hanging=_HANGING)}\n")
            with self.indentation(), self.indentation():
                self.write(f"{self._wrapped(text)}\n" if text else "")

    def _paragraph(self, text: str) -> str:
        """Filled, or line by line behind click's mark, where a line that is too long goes on indented."""
        mark, _, rest = text.partition("\n")
        if mark.strip() != "\b":
            return self._wrapped(" ".join(text.split()))
        return "\n".join(self._wrapped(line, hanging=_HANGING) for line in rest.splitlines())

    def _wrapped(self, text: str, *, hanging: str = "") -> str:
        indent = " " * self.current_indent
        words = _Words(
            self.width,
            initial_indent=indent,
            subsequent_indent=indent + hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return words.fill(text)


class HelpContext(click.Context):
    """The context of a command whose help is written so."""

    formatter_class = HelpFormatter
