"""Prompts with gaps to fill, which the user keeps as files in the configuration folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from localr1.errors import UsageError
from localr1.regular_file import is_regular, open_regular

SUFFIX = ".txt"
SIZE_LIMIT = 1024 * 1024
"""Bytes of the longest template."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,60}")


@dataclass(frozen=True, slots=True)
class PromptTemplate:
    """A text with $variables, as Python's string.Template reads them: $name, ${name}, and $$ for a dollar."""

    name: str
    text: str

    @property
    def variables(self) -> tuple[str, ...]:
        """Their names, in the order of the text."""
        found = Template.pattern.finditer(self.text)
        names = (match["named"] or match["braced"] for match in found)
        return tuple(dict.fromkeys(name for name in names if name))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with its variables filled; raises UsageError that names what is missing or too much."""
        if missing := [name for name in self.variables if name not in values]:
            raise UsageError(
                f"The template {self.name} needs {_dollars(missing)}.",
                hint=" ".join(f"--var {name}=…" for name in missing),
            )
        if unknown := [name for name in values if name not in self.variables]:
            raise UsageError(
                f"The template {self.name} has no {_dollars(unknown)}.", hint=self._variables_hint()
            )
        try:
            return Template(self.text).substitute(values)
        except ValueError as error:
            raise UsageError(
                f"The template {self.name} has a dollar sign that begins no variable: {error}.",
                hint="A dollar sign is written $$.",
            ) from None

    def _variables_hint(self) -> str:
        return f"It has {_dollars(self.variables)}." if self.variables else "It has no variables."


class PromptTemplates:
    """The templates in a folder, one file each."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def names(self) -> list[str]:
        """Those there are, by name."""
        files = sorted(self._directory.glob(f"*{SUFFIX}"))
        return [file.stem for file in files if _NAME.fullmatch(file.stem) and is_regular(file)]

    def path(self, name: str) -> Path:
        """Where a template lies, or will; raises UsageError for what can't be a name."""
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{name[:60]!r} can't be the name of a template.",
                hint="Letters, digits, dots, dashes and underscores can.",
            )
        return self._directory / f"{name}{SUFFIX}"

    def read(self, name: str) -> PromptTemplate:
        """A template by its name; raises UsageError where it is not there or is not text."""
        path = self.path(name)
        if not is_regular(path):
            raise UsageError(
                f"There is no template {name}.", hint=f"`localr1 templates edit {name}` makes one."
            )
        with open_regular(path, UsageError) as file:
            data = file.read(SIZE_LIMIT + 1)
        if len(data) > SIZE_LIMIT:
            raise UsageError(f"The template {name} is longer than 1 MiB.")
        try:
            return PromptTemplate(name, data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise UsageError(f"The template {name} is not UTF-8.", hint=f"It lies in {path}.") from None


def _dollars(names: Iterable[str]) -> str:
    return ", ".join(f"${name}" for name in names)
