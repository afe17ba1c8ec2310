"""The files that a question is about, from what a user or a program gives for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from localr1.attachment import Attachment
from localr1.errors import UsageError
from localr1.safe_text import safe_line
from localr1.text_file import read_text_file

GivenFile: TypeAlias = str | Path | tuple[str, str]
"""The path of a file, or a name and the text that stands under it."""
GivenFiles: TypeAlias = str | Path | Iterable[GivenFile]
"""One path, or several files."""


def read_files(given: GivenFiles, warn: Callable[[str], object]) -> Iterator[Attachment]:
    """The text of each, with a warning where it was guessed; raises UsageError for the first without any."""
    for each in (given,) if isinstance(given, str | Path) else given:
        match each:
            case str() | Path():
                yield _read(Path(each), warn)
            case (str(name), str(text)) if name.strip():
                yield Attachment(safe_line(name), text)
            case _:
                raise UsageError("A file is a path, or a name and a text.")


def _read(path: Path, warn: Callable[[str], object]) -> Attachment:
    file = read_text_file(path)
    name = safe_line(str(path))
    if file.encoding == "Latin-1":
        warn(f"{name} is not UTF-8 and was read as Latin-1.")
    return Attachment(name, file.text)
