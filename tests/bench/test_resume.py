"""The first new token of a chat of 2,000 tokens after a restart: from its saved state, and evaluated anew.

.venv/bin/pytest -m bench -s tests/bench/test_resume.py
"""

from __future__ import annotations

import os
import statistics
from pathlib import Path

import pytest

from localr1.engine.reports import Done
from localr1.engine.requests import ChatMessage, StateFile
from tests.bench.first_token import first_token
from tests.bench.shaped_model import write_shaped
from tests.engine.asking import assistant, engine_of, user

TOKENS = 2_000
ROUNDS = 3
FOLLOW_UPS = {"SmolLM2-135M": "And what follows from that?", "1.5B": "Why so?"}
"""Of about as many tokens each: the 1.5B has nano's vocabulary, in which every byte is one."""
WRITTEN = "saved, taken up while it is written"
AT_ONCE = "saved, asked at once"
ANEW = "evaluated anew"
WORD = " one two three four"


@pytest.mark.bench
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("shape", ["SmolLM2-135M", "1.5B"])
async def test_print_how_much_sooner_a_chat_goes_on(shape: str, smollm2: Path, tmp_path: Path) -> None:
    """Ways in turn within each round, each in a worker of its own; loading the model does not count."""
    path = smollm2 if shape == "SmolLM2-135M" else write_shaped(tmp_path / "shaped.gguf")
    said = await _chat(tmp_path, path)
    place = StateFile(os.fsencode(tmp_path / "states/1-0123456789abcdef.state"), "bench", 10**10)
    async with engine_of(tmp_path) as engine:
        await engine.load(path, context=4096)
        assert await engine.prepare(said, state=place)
    asked = (*said, user(FOLLOW_UPS[shape]))
    rows: dict[str, list[tuple[float, Done]]] = {name: [] for name in (WRITTEN, AT_ONCE, ANEW)}
    for _ in range(ROUNDS):
        rows[WRITTEN].append(await _reopened(tmp_path, path, asked, place, written=True))
        rows[AT_ONCE].append(await _reopened(tmp_path, path, asked, place))
        rows[ANEW].append(await _reopened(tmp_path, path, asked, None))
    size = Path(os.fsdecode(place.path)).stat().st_size
    medians = {name: statistics.median(seconds for seconds, _ in runs) for name, runs in rows.items()}
    print(f"\n{shape}: a state of {size / 1e6:.1f} MB; goal 50 times for the 1.5B")
    print(f"{'':40}{'evaluated':>12}{'of tokens':>12}{'first token':>14}{'times':>8}")
    for name, runs in rows.items():
        done, median = runs[0][1], medians[name]
        print(
            f"{name:40}{done.evaluated_tokens:12,}{done.prompt_tokens:12,}{median:12.3f} s"
            f"{medians[ANEW] / median:8.0f}"
        )


async def _chat(directory: Path, path: Path) -> tuple[ChatMessage, ...]:
    """A question of so many tokens, and its answer."""
    async with engine_of(directory) as engine:
        await engine.load(path, context=4096)
        counted = await engine.count(WORD * 100)
        assert counted
    return user(WORD * (TOKENS * 100 // counted)), assistant("Yes.")


async def _reopened(
    directory: Path,
    path: Path,
    asked: tuple[ChatMessage, ...],
    state: StateFile | None,
    *,
    written: bool = False,
) -> tuple[float, Done]:
    """Seconds to the first token of a reply in a new worker; the question may have been `written` before."""
    async with engine_of(directory) as engine:
        await engine.load(path, context=4096)
        if written:
            await engine.prepare(asked[:-1], state=state)
        return await first_token(engine, asked, state)
