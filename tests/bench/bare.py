"""A process of its own that does with llama.cpp what it is told, and prints tokens a second.

python -m tests.bench.bare bare|high-level MODEL TOKENS THREADS CONTEXT
"""

from __future__ import annotations

import os
import sys
import time

PROMPT = "Write a very long story about a crab who learns to sing, in a hundred chapters."


def bare(path: str, tokens: int, threads: int, context: int) -> float:
    """`llama_decode` and the greedy sampler on the low-level functions, as C would do it."""
    from localr1.engine.worker.bindings import llama, start_backend

    start_backend()
    model = llama.llama_model_load_from_file(os.fsencode(path), llama.llama_model_default_params())
    params = llama.llama_context_default_params()
    params.n_ctx, params.n_batch, params.n_ubatch = context, 512, 512
    params.n_threads = params.n_threads_batch = threads
    params.no_perf = True
    handle = llama.llama_init_from_model(model, params)
    sampler = llama.llama_sampler_init_greedy()
    prompt = PROMPT.encode()
    array = (llama.llama_token * 64)()
    count = llama.llama_tokenize(
        llama.llama_model_get_vocab(model), prompt, len(prompt), array, len(array), True, False
    )
    llama.llama_decode(handle, llama.llama_batch_get_one(array, count))
    one = (llama.llama_token * 1)()
    batch = llama.llama_batch_get_one(one, 1)
    started = time.perf_counter()
    for _ in range(tokens):
        one[0] = llama.llama_sampler_sample(sampler, handle, -1)
        llama.llama_decode(handle, batch)
    return tokens / (time.perf_counter() - started)


def high_level(path: str, tokens: int, threads: int, context: int) -> float:
    """llama-cpp-python's own stream of a chat, from its first chunk of text to its last."""
    from importlib import import_module

    llama_cpp = import_module("llama_cpp")
    model = llama_cpp.Llama(path, n_ctx=context, n_threads=threads, n_threads_batch=threads, verbose=False)
    stream = model.create_chat_completion(
        [{"role": "user", "content": PROMPT}], stream=True, temperature=0, max_tokens=tokens
    )
    times = [time.perf_counter() for chunk in stream if chunk["choices"][0]["delta"].get("content")]
    return (len(times) - 1) / (times[-1] - times[0])


WAYS = {"bare": bare, "high-level": high_level}


if __name__ == "__main__":
    way, path, *numbers = sys.argv[1:]
    print(WAYS[way](path, *map(int, numbers)))
