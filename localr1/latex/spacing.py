"""Where a formula on one line needs room."""

from __future__ import annotations

import re

from localr1.latex.symbols import RELATIONS

NAME = "\u2061"
"""Stands around the name of a function; a space where a letter would touch it."""
FRACTION = "\u2063"
"""The same around a fraction, where a bracket would read as a part of it too."""


def spaced(sign: str) -> str:
    """A sign with a space on either side, if it stands for a relation."""
    return f" {sign} " if sign and sign[0] in RELATIONS else sign


def tight(text: str) -> str:
    """Without the room that only a line of its own has."""
    return re.sub(rf"[\s{NAME}{FRACTION}]", "", text)
