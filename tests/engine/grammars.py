"""Walks through grammars with llama.cpp's own reader of them."""

from __future__ import annotations

import ctypes
import random

from localr1.engine.worker.bindings import llama
from localr1.engine.worker.model import Model

ENDINGS = tuple('"]}0 ')
"""What ends strings, lists, objects and numbers: a walk that shall end prefers them."""


def follows(model: Model, grammar: str, text: str) -> bool:
    """Whether a text is one that a grammar allows, whole."""
    sampler = model.vocabulary.new_grammar(grammar)
    assert sampler, grammar
    try:
        for token in model.vocabulary.tokenize(text, special=False):
            if token not in _allowed(model, sampler):
                return False
            llama.llama_sampler_accept(sampler, token)
        return any(model.vocabulary.ends_reply(token) for token in _allowed(model, sampler))
    finally:
        llama.llama_sampler_free(sampler)


def walk(model: Model, grammar: str, chance: random.Random, steps: int = 200) -> str | None:
    """A text that a grammar allows, drawn by chance; None where it did not end within so many tokens."""
    sampler = model.vocabulary.new_grammar(grammar)
    assert sampler, grammar
    data = b""
    try:
        for step in range(steps):
            tokens = _allowed(model, sampler)
            if any(model.vocabulary.ends_reply(token) for token in tokens) and chance.random() < 0.6:
                return data.decode()
            written = [token for token in tokens if not model.vocabulary.ends_reply(token)]
            if not written:
                return data.decode()
            token = _choose(model, written, chance, hurry=step > steps // 4)
            llama.llama_sampler_accept(sampler, token)
            data += model.vocabulary.piece(token)
        return None
    finally:
        llama.llama_sampler_free(sampler)


def _choose(model: Model, tokens: list[int], chance: random.Random, *, hurry: bool) -> int:
    """Any of them that is text by itself: llama.cpp allows bytes in a string that are no characters."""
    pieces = {token: model.vocabulary.piece(token).decode("utf-8", "replace") for token in tokens}
    whole = [token for token, piece in pieces.items() if "\ufffd" not in piece]
    whole = whole or tokens  # a character of a constant, byte by byte
    ends = [token for token in whole if pieces[token] in ENDINGS]
    return chance.choice(ends if ends and (hurry or chance.random() < 0.3) else whole)


def _allowed(model: Model, sampler: object) -> list[int]:
    size = model.vocabulary.size
    data = (llama.llama_token_data * size)(
        *(llama.llama_token_data(token, 1.0, 0.0) for token in range(size))
    )
    candidates = llama.llama_token_data_array(data, size, -1, False)
    llama.llama_sampler_apply(sampler, ctypes.byref(candidates))
    return [data[index].id for index in range(candidates.size) if data[index].logit > 0]
