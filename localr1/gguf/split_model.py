"""Models that are split into several files, as llama.cpp names their parts: NAME-00001-of-00003.gguf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from localr1.regular_file import is_regular

_PART = re.compile(r"(?P<stem>.+)-(?P<number>[0-9]{5})-of-(?P<count>[0-9]{5})\.gguf", re.DOTALL)
_LISTED = 3


@dataclass(frozen=True, slots=True)
class SplitModel:
    """All parts that a model should have, whether they are there or not."""

    directory: Path
    stem: str
    count: int

    @property
    def first(self) -> Path:
        """The part that llama.cpp wants to be given."""
        return next(self.parts())

    def parts(self) -> Iterator[Path]:
        for number in range(1, self.count + 1):
            yield self.directory / f"{self.stem}-{number:05}-of-{self.count:05}.gguf"

    def missing(self) -> str:
        """The names of the parts that are not there, the first few of them; empty when all are."""
        names = (part.name for part in self.parts() if not is_regular(part))
        listed = list(islice(names, _LISTED))
        rest = sum(1 for _ in names)
        return ", ".join(listed) + (f" and {rest:,} more" if rest else "")

    def size(self) -> int:
        """Bytes of the parts that are there."""
        return sum(part.stat().st_size for part in self.parts() if is_regular(part))


def split_model(path: Path) -> SplitModel | None:
    """The model that a file is a part of, if its name says so."""
    match = _PART.fullmatch(path.name)
    if not match or not 1 <= int(match["number"]) <= int(match["count"]):
        return None
    return SplitModel(path.parent, match["stem"], int(match["count"]))
