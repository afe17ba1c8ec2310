"""The estimate of memory beside what the real worker takes at its peak."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.limits import FIRST_CONTEXT
from localr1.fit.need import need_of
from localr1.fit.shape import shape_of
from localr1.gguf.header import read_header
from localr1.memory import held_memory
from tests.engine.asking import ask, user
from tests.engine.processes import peak_memory

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")

TOLERANCE = 0.15


@pytest.mark.parametrize("context", [512, FIRST_CONTEXT, 8192])
@pytest.mark.parametrize("name", ["nano", "smollm2"])
async def test_the_estimate_is_close_to_the_peak_of_the_worker_which_takes_no_more_than_a_chat_fills(
    name: str, context: int, engine: Engine, request: pytest.FixtureRequest
) -> None:
    path: Path = request.getfixturevalue(name)
    header = read_header(path)
    shape = shape_of(header)
    assert shape
    taken = min(context, FIRST_CONTEXT)
    estimate = need_of(shape, header.size - header.data_offset, taken).total
    await engine.load(path, context=context)
    digits = " ".join(str(number % 10) for number in range(100 if context == 512 else 300))
    asked = await ask(engine, user(digits), max_tokens=8)
    assert asked.done.prompt_tokens > (600 if context > 512 else 200)
    assert engine.pid
    assert estimate == pytest.approx(peak_memory(engine.pid), rel=TOLERANCE)


async def test_the_estimate_is_close_to_the_peak_of_a_worker_whose_context_has_grown(
    engine: Engine, nano: Path
) -> None:
    header = read_header(nano)
    shape = shape_of(header)
    assert shape
    grown = need_of(shape, header.size - header.data_offset, 2 * FIRST_CONTEXT).total
    await engine.load(nano)
    await ask(engine, user("7"), max_tokens=1)
    await ask(engine, user("7" * FIRST_CONTEXT), max_tokens=1)
    assert engine.pid
    assert grown == pytest.approx(peak_memory(engine.pid), rel=TOLERANCE)


async def test_what_the_worker_holds_is_known_while_it_lives(engine: Engine, smollm2: Path) -> None:
    await engine.load(smollm2, context=2048)
    held = held_memory(engine.pid)
    assert 40_000_000 < held < 120_000_000, "the cache and the buffers, but not the file"
    await engine.close()
    assert held_memory(engine.pid) == 0
