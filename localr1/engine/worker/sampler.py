"""llama.cpp's sampler chain for one reply."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from localr1.engine.worker.bindings import llama
from localr1.sampling import Sampling

_SEEDS = 2**32 - 1
"""llama.cpp takes the number after these for a wish to draw one."""


class Sampler:
    """Draws from a chain."""

    def __init__(self, chain: object) -> None:
        self._chain = chain

    def sample(self, context: object, row: int) -> int:
        """The next token, from the logits of a row of the newest batch; −1 is the last one."""
        return int(llama.llama_sampler_sample(self._chain, context, row))

    def see(self, piece: bytes) -> None:
        """A token has become a part of the reply."""


@contextmanager
def sampler_chain(sampling: Sampling, first: object = None, *, sample: int = 0) -> Iterator[object]:
    """A chain in llama.cpp's usual order; greedy at temperature 0. It owns the sampler that goes `first`.

    Each sample has a seed of its own.
    """
    chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
    try:
        if first:
            llama.llama_sampler_chain_add(chain, first)
        for sampler in _samplers(sampling, _seed(sampling, sample)):
            llama.llama_sampler_chain_add(chain, sampler)
        yield chain
    finally:
        llama.llama_sampler_free(chain)


def _samplers(sampling: Sampling, seed: int) -> Iterator[object]:
    if sampling.temperature == 0:
        yield llama.llama_sampler_init_greedy()
        return
    if sampling.top_k:
        yield llama.llama_sampler_init_top_k(sampling.top_k)
    if sampling.top_p < 1:
        yield llama.llama_sampler_init_top_p(sampling.top_p, 1)
    if sampling.min_p:
        yield llama.llama_sampler_init_min_p(sampling.min_p, 1)
    yield llama.llama_sampler_init_temp(sampling.temperature)
    yield llama.llama_sampler_init_dist(seed)


def _seed(sampling: Sampling, sample: int) -> int:
    return secrets.randbits(31) if sampling.seed is None else (sampling.seed + sample) % _SEEDS
