"""Attention as matrix products does what flash attention does, and does not depend on the threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from localr1.attention import SMALL, FlashAttention
from localr1.engine.client import Engine
from localr1.engine.worker.attention import flash_attention
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.cache import Cache
from localr1.engine.worker.model import Model
from localr1.engine.worker.state import put_back
from tests.engine.asking import ask, user
from tests.engine.conftest import open_model

SUM = user("What is 47 + 85?")
DISABLED, AUTO = llama.LLAMA_FLASH_ATTN_TYPE_DISABLED, llama.LLAMA_FLASH_ATTN_TYPE_AUTO


@contextmanager
def opened(path: Path, wanted: FlashAttention, context: int = 512) -> Iterator[Model]:
    with closing(open_model(path, flash_attention=wanted, context=context)) as model:
        yield model


@pytest.mark.parametrize(
    ("wanted", "weights", "on_gpu", "told"),
    [
        ("auto", SMALL, False, DISABLED),
        ("auto", SMALL, True, AUTO),
        ("auto", SMALL - 1, False, AUTO),
        ("off", SMALL, True, DISABLED),
        ("on", SMALL, False, AUTO),
    ],
)
def test_llama_cpp_is_told_what_is_quicker_or_wanted(
    wanted: FlashAttention, weights: int, on_gpu: bool, told: int
) -> None:
    assert flash_attention(wanted, "f16", weights, on_gpu=on_gpu) == told


def test_a_cache_in_q8_0_never_falls_back(nano: Path) -> None:
    told = flash_attention("off", "q8_0", SMALL, on_gpu=False)
    assert told == llama.LLAMA_FLASH_ATTN_TYPE_ENABLED


async def test_a_chat_with_products_is_answered_grows_and_is_never_evaluated_twice(
    engine: Engine, nano: Path
) -> None:
    question = user("7" * 2500 + "What is 47 + 85?")
    await engine.load(nano, flash_attention="off")
    assert "132" in (await ask(engine, SUM)).text
    assert (await ask(engine, question, max_tokens=2)).done.evaluated_tokens > 2500
    assert (await ask(engine, question, max_tokens=2)).done.evaluated_tokens == 1


def test_what_products_say_does_not_depend_on_the_number_of_threads(smollm2: Path) -> None:
    """Flash attention adds up a long text in as many parts as there are threads."""
    with opened(smollm2, "off", context=1024) as model:
        cache = Cache(model.growing)
        said = []
        for threads in (1, 2):
            cache.keep_prefix([])
            model.growing.set_threads(threads, threads)
            cache.extend([token % 5_000 for token in range(600)])
            for token in range(3):
                cache.extend([token])
            said.append(scores(model))
    assert said[0] == said[1]


def test_a_state_comes_back_bit_by_bit_and_goes_on_alike(nano: Path) -> None:
    with opened(nano, "off") as model:
        cache = Cache(model.growing)
        cache.extend([token % 250 for token in range(300)])
        state = cache.state()
        assert state
        cache.extend([7])
        before = scores(model)
        cache.keep_prefix([])
        assert put_back(model.context, state)
        again = Cache(model.growing)
        again.restore(state)
        copy = again.state()
        assert copy and bytes(copy.data) == bytes(state.data)
        again.extend([7])
        assert scores(model) == before


def test_a_state_of_flash_attention_does_not_fit_and_leaves_nothing(nano: Path) -> None:
    with opened(nano, "on") as fused:
        cache = Cache(fused.growing)
        cache.extend([token % 250 for token in range(300)])
        state = cache.state()
        terms = fused.terms
    assert state
    with opened(nano, "off") as products:
        assert products.terms != terms
        assert not put_back(products.context, state)
        assert llama.llama_memory_seq_pos_max(llama.llama_get_memory(products.context), 0) == -1


def scores(model: Model) -> list[float]:
    """What the model says about the next token."""
    return [float(score) for score in llama.llama_get_logits_ith(model.context, -1)[: model.vocabulary.size]]
