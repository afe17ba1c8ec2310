"""What guessing tokens gains, and what finding out costs where it gains nothing.

.venv/bin/pytest -m bench -s tests/bench/test_speculation.py
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

import pytest

from localr1.engine.client import Engine
from localr1.engine.reports import Done
from localr1.engine.requests import ChatMessage, Generate, Load
from localr1.engine.worker import gain, lookup
from localr1.engine.worker.bindings import AbortFlag, llama, start_backend
from localr1.engine.worker.cache import Cache
from localr1.engine.worker.model import Model
from localr1.sampling import Sampling, Speculate
from tests.engine.quants import quantize

ROUNDS = 5
TOKENS = 256
REPLAYED = 1200
"""Tokens of each question whose likeliest one is compared."""
CODE = Path(lookup.__file__).read_text(encoding="utf-8")[:1500]
QUESTIONS = {
    "copied": (f"Repeat this code, and nothing else:\n```python\n{CODE}\n```", Sampling(temperature=0)),
    "free": ("Tell me a story about a lighthouse.", Sampling(temperature=0.8, seed=1)),
}

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("draft", [False, True], ids=["lookup", "draft model"])
@pytest.mark.parametrize("name", ["nano", "smollm2"])
async def test_print_the_speed_of_each_mode(
    name: str, draft: bool, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The modes in turn within each round, begun by another one each time."""
    model: Path = request.getfixturevalue(name)
    smaller = quantize(model, tmp_path / "smaller.gguf") if draft else None
    async with Engine.start(tmp_path / "engine.log") as engine:
        info = await engine.load(model, context=4096, draft=smaller)
        print(f"\n{name}, {info.draft_refused or 'with' if draft else 'without'} draft model")
        print(f"{TOKENS} tokens, {ROUNDS} rounds")
        print(f"{'text':8}{'mode':8}{'median tok/s':>14}{'of off':>8}{'guessed':>9}{'came true':>11}")
        for text in QUESTIONS:
            done: dict[Speculate, list[Done]] = {mode: [] for mode in get_args(Speculate)}
            modes = list(done)
            for _ in range(ROUNDS):
                modes.append(modes.pop(0))
                for mode in modes:
                    done[mode].append(await _reply(engine, text, mode))
            off = _speed(done["off"])
            for mode, replies in done.items():
                guessed, true = (
                    sum(reply.drafted_tokens for reply in replies),
                    sum(reply.accepted_tokens for reply in replies),
                )
                speed = _speed(replies)
                print(f"{text:8}{mode:8}{speed:14.1f}{speed / off:8.2f}{guessed:9}{true:11}")


@pytest.mark.parametrize("name", ["nano", "smollm2"])
def test_print_the_time_of_batches_and_what_they_change(name: str, request: pytest.FixtureRequest) -> None:
    for threads in sorted({1, os.cpu_count() or 1}):
        with _opened(request.getfixturevalue(name), threads) as model:
            sizes = (1, *gain.SIZES)
            seconds = {size: _seconds(model, size) for size in sizes}
            print(f"\n{name}, threads: {threads}; median of 15 after 200 tokens, in times of a single token")
            print("  ".join(f"{size}: {seconds[size] / seconds[1]:.2f}" for size in sizes))
            changed = sum(_changed(model, question) for question, _ in QUESTIONS.values())
            print(f"another token is the likeliest: {changed} of {REPLAYED * len(QUESTIONS)}")


async def _reply(engine: Engine, text: str, mode: Speculate) -> Done:
    question, sampling = QUESTIONS[text]
    messages = (ChatMessage("user", question),)
    reply = engine.generate(Generate(messages, sampling, max_tokens=TOKENS, endless=True, speculate=mode))
    *_, done = [report async for report in reply]
    assert isinstance(done, Done)
    return done


def _speed(replies: list[Done]) -> float:
    return statistics.median(reply.generated_tokens / reply.generation_seconds for reply in replies)


@contextmanager
def _opened(path: Path, threads: int) -> Iterator[Model]:
    start_backend()
    request = Load(id=1, path=os.fsencode(path), context=4096, threads=threads)
    model = Model(request, AbortFlag(), lambda share: None)
    try:
        yield model
    finally:
        model.close()


def _seconds(model: Model, size: int) -> float:
    """Of one batch, after a text of some length."""
    cache = Cache(model.growing)
    cache.keep_prefix([])
    cache.evaluate(model.vocabulary.tokenize("A lighthouse stands on a rock. " * 40, special=False)[:200])
    times = []
    for _ in range(15):
        started = time.perf_counter()
        cache.evaluate_each([1] * size)
        times.append(time.perf_counter() - started)
        cache.cut(200)
    return statistics.median(times)


def _changed(model: Model, question: str) -> int:
    """How often a batch finds another token likeliest than one at a time does, in the same text."""
    prompt = model.prompts.tokens([ChatMessage("user", question)], "")
    greedy = llama.llama_sampler_init_greedy()
    cache = Cache(model.growing)
    cache.keep_prefix([])
    cache.extend(prompt)
    alone = []
    for _ in range(REPLAYED):
        alone.append(int(llama.llama_sampler_sample(greedy, model.context, -1)))
        cache.extend(alone[-1:])
    cache.cut(len(prompt))
    changed = 0
    for start in range(0, REPLAYED - 1, 8):
        batch = alone[start : start + 8]
        cache.evaluate_each(batch)
        found = [int(llama.llama_sampler_sample(greedy, model.context, row)) for row in range(len(batch))]
        expected = alone[start + 1 : start + 9]
        changed += sum(one != other for one, other in zip(found, expected, strict=False))
    llama.llama_sampler_free(greedy)
    return changed
