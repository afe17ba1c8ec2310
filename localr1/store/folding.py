"""Letters without case and accents, as a search compares them; every letter keeps its place in the text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import chain

_LETTERS = (range(0x41, 0x2500), range(0x2C00, 0x2E00), range(0xA640, 0xAB70), range(0xFF21, 0xFF3B))
"""Where Unicode has letters with case or accents, but for rare scripts."""


def folded(text: str) -> str:
    """The text with each letter as it is compared; exactly as long."""
    return text.translate(_table())


@lru_cache
def _table() -> dict[int, str]:
    return {code: _letter(chr(code)) for code in chain(*_LETTERS) if _letter(chr(code)) != chr(code)}


def _letter(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    small = base.lower()
    return small if len(small) == 1 and letter.isalpha() else letter
