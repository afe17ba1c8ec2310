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
FOLLOW_UP = "And what follows from that?"
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
    rows: dict[str, list[tuple[float, Done]]] = {"from its saved state": [], "evaluated anew": []}
    for _ in range(ROUNDS):
        rows["from its saved state"].append(await _reopened(tmp_path, path, said, place))
        rows["evaluated anew"].append(await _reopened(tmp_path, path, said, None))
    size = Path(os.fsdecode(place.path)).stat().st_size
    medians = {name: statistics.median(seconds for seconds, _ in runs) for name, runs in rows.items()}
    saved, anew = medians.values()
    print(
        f"\n{shape}: a state of {size / 1e6:.1f} MB; {anew / saved:.0f} times as soon; goal 50 for the 1.5B"
    )
    print(f"{'':24}{'evaluated':>12}{'of tokens':>12}{'first token':>14}")
    for name, runs in rows.items():
        done = runs[0][1]
        print(f"{name:24}{done.evaluated_tokens:12,}{done.prompt_tokens:12,}{medians[name]:12.3f} s")


async def _chat(directory: Path, path: Path) -> tuple[ChatMessage, ...]:
    """A question of so many tokens, and its answer."""
    async with engine_of(directory) as engine:
        await engine.load(path, context=4096)
        counted = await engine.count(WORD * 100)
        assert counted
    return user(WORD * (TOKENS * 100 // counted)), assistant("Yes.")


async def _reopened(
    directory: Path, path: Path, said: tuple[ChatMessage, ...], state: StateFile | None
) -> tuple[float, Done]:
    """Seconds to the first token of the next reply, in a new worker."""
    async with engine_of(directory) as engine:
        await engine.load(path, context=4096)
        return await first_token(engine, (*said, user(FOLLOW_UP)), state)
