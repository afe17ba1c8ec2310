"""How fast models are with how many threads, remembered from one worker to the next."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import msgspec

from localr1.engine.reports import ModelInfo
from localr1.regular_file import is_regular
from localr1.whole_file import write_whole

MOST = 100
"""Models that are remembered, those of the last replies."""
Pace: TypeAlias = dict[int, float]
"""Times of a token by numbers of threads, in those of the quickest."""


class Paces:
    """A small file; what can't be read or written is forgotten."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, model: ModelInfo) -> Pace:
        """What is known of a model; empty where nothing is."""
        return self._read().get(_name(model), {})

    def keep(self, model: ModelInfo, pace: Pace) -> None:
        """Remember a pace that says something new: other numbers, or another one that is the quickest.

        It is one measurement, so that the mean of it and of what was known is kept.
        """
        if not pace:
            return
        known = self._read()
        before = known.pop(_name(model), {})
        if before.keys() == pace.keys() and _quickest(before) == _quickest(pace):
            return
        means = {number: (before.get(number, time) + time) / 2 for number, time in pace.items()}
        known = dict([*known.items(), (_name(model), means)][-MOST:])
        with suppress(OSError):
            write_whole(self._file, msgspec.json.encode(known))

    def _read(self) -> dict[str, Pace]:
        with suppress(OSError, msgspec.DecodeError):
            if is_regular(self._file):
                return msgspec.json.decode(self._file.read_bytes(), type=dict[str, Pace])
        return {}


def _name(model: ModelInfo) -> str:
    """What its pace depends on, beside the machine: shape, quant, and how many threads there may be."""
    return f"{model.architecture} {model.description} {model.size} {model.threads}"


def _quickest(pace: Mapping[int, float]) -> int:
    return min(pace, key=pace.__getitem__)
