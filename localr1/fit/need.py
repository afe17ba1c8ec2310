"""How much memory a model takes: its weights, the cache of a chat, and what is computed in."""

from __future__ import annotations

from dataclasses import dataclass

from localr1.attention import SCORE, is_fused, tokens_together
from localr1.cache_type import CacheType, number_bytes
from localr1.catalog_entry import Shape
from localr1.engine.limits import BATCH, CONTEXT_STEP, DEFAULT_CONTEXT

MASK = 2
"""Bytes of a number in the mask that says which token sees which."""
PROCESS = 33_000_000
"""Bytes of the worker before it loads anything: Python, llama.cpp and what both keep."""
TOKEN = 330
"""Bytes that a token of the vocabulary takes, and the merges that make it."""
ACTIVATION = 14
"""Bytes that a layer computes in, for each token of a batch and each number that goes in or out of it."""
LOGIT = 4
"""Bytes of a score that a model gives to a token."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a chat may have: so many tokens, 0 for what a model takes by itself, kept in such numbers."""

    context: int = 0
    cache_type: CacheType = "f16"


USUAL_ROOM = Room()


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes of memory that one model takes with one context."""

    weights: int
    cache: int
    """What it keeps of every token of a chat."""
    buffers: int
    """What is computed in, with the process around it."""
    layers: int
    read: int
    """Of the weights, what is read for each token."""
    scratch: int
    """What a GPU sets aside to compute in; main memory is taken only as far as it is used."""

    @property
    def total(self) -> int:
        return self.weights + self.cache + self.buffers


def context_for(wanted: int, trained: int) -> int:
    """Tokens of context that the worker takes: what is wanted, or the model's own up to a limit."""
    size = wanted or min(trained or DEFAULT_CONTEXT, DEFAULT_CONTEXT)
    return -(-size // CONTEXT_STEP) * CONTEXT_STEP


def need_of(shape: Shape, weights: int, context: int, cache_type: CacheType = "f16") -> Need:
    """What a model with so many bytes of weights takes with a context of so many tokens.

    The constants are fitted to the peak of the real worker, for models of 2 MB to 1.1 GB
    (tests/engine/test_fit.py). Weights that llama.cpp arranges anew for the processor lie in memory twice,
    but count once: the copy in the file is not read again, and the system drops it when memory is short.
    """
    batch, seen = _computed_at_once(shape, weights, context, cache_type)
    width = ACTIVATION * (shape.embedding + shape.feed_forward)
    return Need(
        weights=weights,
        cache=_cache(shape, context, cache_type),
        buffers=PROCESS + TOKEN * shape.vocabulary + batch * (width + seen * context),
        layers=shape.layers,
        read=round(weights * shape.read_share),
        scratch=BATCH * (LOGIT * shape.vocabulary + width + MASK * context),
    )


def _computed_at_once(shape: Shape, weights: int, context: int, cache_type: CacheType) -> tuple[int, int]:
    """How many tokens are, and the bytes that each of them and each token that it sees take together."""
    if is_fused("auto", cache_type, weights):
        return BATCH, MASK
    heads = shape.embedding // shape.head
    return tokens_together(heads, context), MASK + SCORE * heads


def _cache(shape: Shape, context: int, cache_type: CacheType) -> int:
    """Keys and values of every token in the layers that keep them all, and what the other layers keep."""
    keeping = (shape.attention_layers or shape.layers) - shape.windowed_layers
    window = min(context, -(-(shape.window + BATCH) // CONTEXT_STEP) * CONTEXT_STEP)
    value = shape.value_head or shape.head
    token = number_bytes(cache_type, shape.head, value) * shape.kv_heads * (shape.head + value)
    return round(token * (keeping * context + shape.windowed_layers * window)) + shape.state
