"""How processors compute attention: in one fused step ("flash attention"), or as matrix products."""

from __future__ import annotations

from typing import Literal, TypeAlias

from localr1.cache_type import CacheType

FlashAttention: TypeAlias = Literal["auto", "on", "off"]

SMALL = 256 * 2**20
"""Bytes of weights. Below it a model is quicker fused, as steps cost it more than what they compute; above it
products are, most of all behind long texts (tests/bench/test_memory.py)."""
TOGETHER = 128
"""Tokens of a prompt that are computed at once as products: what they need stays in a processor's caches."""
FEWEST = 16
SCORES = 256 * 2**20
"""Bytes that the scores may take which these tokens give to all tokens of the context."""
SCORE = 4
"""Bytes of one, for each head."""


def is_fused(wanted: FlashAttention, cache_type: CacheType, weights: int) -> bool:
    """Whether it is flash attention, which alone can read a cache in q8_0."""
    return cache_type == "q8_0" or wanted == "on" or (wanted == "auto" and weights < SMALL)


def tokens_together(heads: int, context: int) -> int:
    """How many tokens are computed at once as products: at most TOGETHER, and a power of two."""
    tokens = TOGETHER
    while tokens > FEWEST and tokens * context * heads * SCORE > SCORES:
        tokens //= 2
    return tokens
