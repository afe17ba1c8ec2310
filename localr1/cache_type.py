"""In which numbers the keys and values of a chat are kept."""

from __future__ import annotations

from typing import Literal, TypeAlias

CacheType: TypeAlias = Literal["f16", "q8_0"]

BLOCK = 32
"""Numbers that q8_0 keeps with one scale; heads that are no multiple of it are kept as f16."""


def number_bytes(wanted: CacheType, *heads: int) -> float:
    """Bytes of one number of heads of these sizes."""
    if wanted == "q8_0" and all(head % BLOCK == 0 for head in heads):
        return (BLOCK + 2) / BLOCK
    return 2
