"""What the second turn of a chat evaluates, and how soon it speaks, with and without its preparation.

.venv/bin/pytest -m bench -s tests/bench/test_never_twice.py
"""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from localr1.engine.reports import Done
from tests.bench.first_token import first_token
from tests.bench.shaped_model import write_shaped
from tests.engine.asking import ask, assistant, engine_of, user

ROUNDS = 3
QUESTION = user("Which animals live in the sea, and how do they breathe?")
ANSWER = assistant("Whales come up for air, fish take theirs out of the water. " * 20)
FOLLOW_UP = user("Which of them is the largest?")


@pytest.mark.bench
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("shape", ["SmolLM2-135M", "1.5B"])
async def test_print_what_the_second_turn_waits_for(shape: str, smollm2: Path, tmp_path: Path) -> None:
    """The user is taken to read until all is prepared; the reply differs from the answer by its thinking."""
    path = smollm2 if shape == "SmolLM2-135M" else write_shaped(tmp_path / "shaped.gguf")
    rows: dict[str, list[tuple[float, Done]]] = {"prepared": [], "not prepared": []}
    for _ in range(ROUNDS):
        for name, runs in rows.items():
            runs.append(await _second_turn(tmp_path, path, prepared=name == "prepared"))
    medians = {name: statistics.median(seconds for seconds, _ in runs) for name, runs in rows.items()}
    prepared, not_prepared = medians.values()
    print(f"\n{shape}, {ROUNDS} rounds: {not_prepared / prepared:.1f} times as soon")
    print(f"{'':16}{'evaluated':>12}{'of tokens':>12}{'first token':>14}")
    for name, runs in rows.items():
        done = runs[0][1]
        print(f"{name:16}{done.evaluated_tokens:12,}{done.prompt_tokens:12,}{medians[name]:12.3f} s")


async def _second_turn(directory: Path, path: Path, *, prepared: bool) -> tuple[float, Done]:
    async with engine_of(directory) as engine:
        await engine.load(path, context=2048)
        await ask(engine, QUESTION, max_tokens=8)
        if prepared:
            assert await engine.prepare((QUESTION, ANSWER))
        return await first_token(engine, (QUESTION, ANSWER, FOLLOW_UP))
