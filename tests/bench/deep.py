"""A process of its own that goes on behind a long prompt, and prints what that took.

python -m tests.bench.deep MODEL f16|q8_0 on|off DEPTH TOKENS THREADS CONTEXT prints tokens a second of the
prompt and of the reply, seconds of a question behind the prompt, and bytes of memory at the peak.
"""

from __future__ import annotations

import os
import sys
import time

from localr1.engine.limits import BATCH
from localr1.engine.worker.attention import set_batch
from localr1.engine.worker.bindings import llama, start_backend
from tests.engine.processes import peak_memory

ASKED = 30
"""Tokens."""
STRIDE = 7919
"""A prime: the tokens of the prompt are so many apart, all over the vocabulary."""


def open_context(path: str, cache_type: str, flash: str, size: int, threads: int) -> tuple[object, int]:
    """A context of this size, and how many tokens the vocabulary has."""
    start_backend()
    model = llama.llama_model_load_from_file(os.fsencode(path), llama.llama_model_default_params())
    params = llama.llama_context_default_params()
    params.n_ctx, params.n_batch = size, BATCH
    params.n_threads = params.n_threads_batch = threads
    params.type_k = params.type_v = llama.GGML_TYPE_Q8_0 if cache_type == "q8_0" else llama.GGML_TYPE_F16
    if flash == "off":
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.no_perf = True
    set_batch(params, model)
    vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model))
    return llama.llama_init_from_model(model, params), int(vocabulary)


def prompt_speed(context: object, vocabulary: int, depth: int) -> float:
    """Tokens a second of a prompt."""
    tokens = [index * STRIDE % vocabulary for index in range(depth)]
    started = time.perf_counter()
    for start in range(0, depth, BATCH):
        chunk = tokens[start : start + BATCH]
        array = (llama.llama_token * len(chunk))(*chunk)
        llama.llama_decode(context, llama.llama_batch_get_one(array, len(chunk)))
    return depth / (time.perf_counter() - started)


def question_seconds(context: object, vocabulary: int, depth: int) -> float:
    """Time of a question; it is forgotten again."""
    seconds = ASKED / prompt_speed(context, vocabulary, ASKED)
    llama.llama_memory_seq_rm(llama.llama_get_memory(context), 0, depth, -1)
    return seconds


def reply_speed(context: object, tokens: int) -> float:
    """Tokens a second behind it."""
    sampler = llama.llama_sampler_init_greedy()
    one = (llama.llama_token * 1)()
    batch = llama.llama_batch_get_one(one, 1)
    started = time.perf_counter()
    for _ in range(tokens):
        one[0] = llama.llama_sampler_sample(sampler, context, -1)
        llama.llama_decode(context, batch)
    return tokens / (time.perf_counter() - started)


if __name__ == "__main__":
    path, cache_type, flash, *numbers = sys.argv[1:]
    depth, tokens, threads, size = map(int, numbers)
    context, vocabulary = open_context(path, cache_type, flash, size, threads)
    prompt = prompt_speed(context, vocabulary, depth)
    question = question_seconds(context, vocabulary, depth)
    llama.llama_decode(context, llama.llama_batch_get_one((llama.llama_token * 1)(STRIDE), 1))
    print(prompt, reply_speed(context, tokens), question, peak_memory(os.getpid()))
