"""llama.cpp and nothing around it: the speed that no reply can exceed."""

from __future__ import annotations

import time

from localr1.engine.limits import BATCH
from localr1.engine.reports import Measured
from localr1.engine.requests import Measure
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.cache import decode
from localr1.engine.worker.model import Model

STRIDE = 7919
"""A prime: the tokens of the prompt are so many apart, all over the vocabulary, so that all experts of a
mixture get some."""


def measure(request: Measure, model: Model) -> Measured:
    """Time a prompt, then a loop of `llama_decode` and the greedy sampler.

    The context is one of its own, so that what a chat has evaluated stays. Raises AbortedError, and
    LoadFailedError when there is no memory for it.
    """
    sampler = llama.llama_sampler_init_greedy()
    try:
        with model.another_context(request.prompt_tokens + request.tokens) as context:
            prompt_seconds = _time_prompt(context, request.prompt_tokens, model.vocabulary.size)
            return Measured(request.id, prompt_seconds, _time_tokens(context, sampler, request.tokens))
    finally:
        llama.llama_sampler_free(sampler)


def _time_prompt(context: object, count: int, vocabulary: int) -> float:
    tokens = [index * STRIDE % vocabulary for index in range(count)]
    started = time.monotonic()
    for start in range(0, count, BATCH):
        chunk = tokens[start : start + BATCH]
        array = (llama.llama_token * len(chunk))(*chunk)
        decode(context, llama.llama_batch_get_one(array, len(chunk)))
    llama.llama_synchronize(context)
    return time.monotonic() - started


def _time_tokens(context: object, sampler: object, count: int) -> float:
    one = (llama.llama_token * 1)()
    batch = llama.llama_batch_get_one(one, 1)
    started = time.monotonic()
    for _ in range(count):
        one[0] = llama.llama_sampler_sample(sampler, context, -1)
        decode(context, batch)
    return time.monotonic() - started
