"""A context that grows with its chat: the same tokens, nothing evaluated twice, no memory taken too early."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.limits import BATCH, FIRST_CONTEXT
from localr1.engine.reports import Piece
from localr1.engine.requests import Generate
from localr1.engine.worker.bindings import AbortFlag, llama
from localr1.engine.worker.cache import AbortedError, Cache
from localr1.engine.worker.context import Context, NoMemoryError, grown
from localr1.engine.worker.limits import limited_memory
from localr1.engine.worker.model import Model
from localr1.engine.worker.sampler import sampler_chain
from localr1.errors import OutOfMemoryError
from localr1.sampling import Sampling
from tests.engine.asking import RAMBLING, ask, user

NEARLY_FULL = user("7" * 1700)
NEARLY_FULL_TOKENS = 1705
LONG_WINDED = Sampling(temperature=3, top_p=1, top_k=0, seed=2)
"""So improbable that nano goes on for some hundred tokens."""
LINUX = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
MIB = 1024 * 1024
FIRST, MOST = 256, 768
LONG = 600
"""Tokens that make a context of FIRST grow twice."""


def plenty() -> int:
    return sys.maxsize


@contextmanager
def opened(
    model: Model,
    first: int,
    most: int = MOST,
    flag: AbortFlag | None = None,
    free: Callable[[], int] = plenty,
) -> Iterator[Context]:
    """A context of its own on weights that are loaded."""
    params = llama.llama_context_default_params()
    params.n_ctx, params.n_batch, params.n_ubatch = most, BATCH, BATCH
    params.n_threads, params.n_threads_batch = 1, 1
    context = Context(model._handle, params, AbortFlag() if flag is None else flag, free, first)
    with closing(context):
        yield context


def begun(model: Model, context: Context) -> Cache:
    """A conversation that has been evaluated."""
    cache = Cache(context)
    cache.extend(model.vocabulary.tokenize("Once upon a time", special=False))
    return cache


def drawn(model: Model, context: Context, cache: Cache, count: int) -> list[int]:
    """So many more tokens, from one seed."""
    tokens: list[int] = []
    with sampler_chain(RAMBLING) as chain:
        while len(tokens) < count:
            tokens.append(llama.llama_sampler_sample(chain, context.handle, -1))
            cache.extend(tokens[-1:])
    return tokens


@pytest.fixture(scope="module")
def expected(nano_model: Model) -> list[int]:
    """What is drawn in a context that was large enough from the beginning."""
    with opened(nano_model, MOST) as context:
        return drawn(nano_model, context, begun(nano_model, context), LONG)


def test_a_context_that_grows_draws_the_tokens_of_one_that_was_large_at_once(
    nano_model: Model, expected: list[int]
) -> None:
    with opened(nano_model, FIRST) as context:
        assert context.size == FIRST
        assert drawn(nano_model, context, begun(nano_model, context), LONG) == expected
        assert context.size == MOST


@pytest.mark.parametrize(
    ("size", "tokens", "most", "then"),
    [(256, 257, 8192, 512), (256, 512, 8192, 512), (2048, 7000, 8192, 8192), (512, 900, 768, 768)],
)
def test_it_doubles_until_the_chat_fits_but_not_beyond_the_most(
    size: int, tokens: int, most: int, then: int
) -> None:
    assert grown(size, tokens, most) == then


def scores(model: Model, context: Context) -> list[float]:
    """What the model says about the next token."""
    return [float(score) for score in llama.llama_get_logits_ith(context.handle, -1)[: model.vocabulary.size]]


def filled(model: Model, context: Context, tokens: list[int]) -> Cache:
    """A conversation that takes all room of a small context."""
    cache = begun(model, context)
    cache.extend(tokens[: FIRST - len(cache)])
    return cache


@pytest.fixture(scope="module")
def scores_beyond_first(nano_model: Model, expected: list[int]) -> list[float]:
    """The scores after one token more than a small context holds, in one that holds them all."""
    with opened(nano_model, MOST) as context:
        filled(nano_model, context, expected).extend(expected[:1])
        return scores(nano_model, context)


def test_a_cancel_while_it_grows_leaves_the_chat_as_it_was(
    nano_model: Model, expected: list[int], scores_beyond_first: list[float]
) -> None:
    flag = AbortFlag()

    def cancel() -> int:
        flag.set()
        return sys.maxsize

    with opened(nano_model, FIRST, flag=flag, free=cancel) as context:
        cache = filled(nano_model, context, expected)
        with pytest.raises(AbortedError):
            cache.extend(expected[:1])
        assert (len(cache), context.size) == (FIRST, 2 * FIRST)
        flag.clear()
        cache.extend(expected[:1])
        assert scores(nano_model, context) == scores_beyond_first


def test_a_context_without_memory_stays_as_it_is_and_says_so(nano_model: Model) -> None:
    with opened(nano_model, FIRST, free=lambda: 0) as context:
        cache = begun(nano_model, context)
        with pytest.raises(NoMemoryError, match="beyond 256 tokens"):
            cache.reserve(FIRST + 1)
        assert context.size == FIRST


@LINUX
def test_a_chat_goes_on_in_the_old_size_where_llama_cpp_gets_no_memory(
    nano_model: Model, expected: list[int], scores_beyond_first: list[float]
) -> None:
    huge = 65_536
    with opened(nano_model, FIRST, most=huge) as context:
        cache = filled(nano_model, context, expected)
        with pytest.raises(NoMemoryError, match="beyond 256 tokens"), limited_memory(64 * MIB):
            cache.reserve(huge)
        assert (len(cache), context.size) == (FIRST, FIRST)
        cache.extend(expected[:1])
        assert scores(nano_model, context) == scores_beyond_first


def test_a_larger_context_keeps_the_threads_of_the_smaller_one(nano_model: Model) -> None:
    with opened(nano_model, FIRST) as context:
        context.set_threads(3, 2)
        context.make_room(MOST)
        threads = llama.llama_n_threads(context.handle), llama.llama_n_threads_batch(context.handle)
        assert threads == (3, 2)


async def test_a_reply_that_outgrows_the_first_room_leaves_what_was_evaluated(nano_engine: Engine) -> None:
    enough = FIRST_CONTEXT - NEARLY_FULL_TOKENS + 10
    first = await ask(nano_engine, NEARLY_FULL, sampling=LONG_WINDED, max_tokens=enough)
    assert first.done.prompt_tokens == NEARLY_FULL_TOKENS
    assert first.done.prompt_tokens + first.done.generated_tokens > FIRST_CONTEXT
    again = await ask(nano_engine, NEARLY_FULL, sampling=LONG_WINDED, max_tokens=1)
    assert again.done.evaluated_tokens == 1


async def test_a_long_prompt_is_evaluated_once(nano_engine: Engine) -> None:
    done = (await ask(nano_engine, user("7" * FIRST_CONTEXT), max_tokens=1)).done
    assert done.evaluated_tokens == done.prompt_tokens > FIRST_CONTEXT


@LINUX
async def test_a_reply_for_which_there_is_no_memory_any_more_ends_with_a_reason(nano_engine: Engine) -> None:
    pieces: list[Piece] = []
    with pytest.raises(OutOfMemoryError, match="grow beyond 2,048 tokens"):
        async for report in nano_engine.generate(Generate((NEARLY_FULL,), LONG_WINDED)):
            if isinstance(report, Piece):
                pieces.append(report)
                forbid_more_memory(nano_engine)
    assert pieces[-1].tokens == FIRST_CONTEXT - NEARLY_FULL_TOKENS + 1
    assert (await ask(nano_engine, NEARLY_FULL, max_tokens=1)).done.evaluated_tokens == 1


def forbid_more_memory(engine: Engine) -> None:
    """Let the worker map hardly anything beside what it has mapped."""
    assert engine.pid
    mapped = int(Path(f"/proc/{engine.pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(engine.pid, resource.RLIMIT_AS, (mapped + 2 * MIB, resource.RLIM_INFINITY))
