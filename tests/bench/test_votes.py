"""What several samples in one batch cost, and what a vote over them gains.

.venv/bin/pytest -m bench -s tests/bench/test_votes.py
.venv/bin/pytest -m "bench and slow" -s tests/bench/test_votes.py
"""

from __future__ import annotations

import os
import random
import statistics
import time
from contextlib import closing
from pathlib import Path

import pytest

from localr1.chat.result import result_of
from localr1.chat.votes import Poll
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.engine.reports import Done
from localr1.engine.requests import ChatMessage, Generate
from localr1.sampling import Sampling
from localr1.store.chats import Chats
from localr1.store.database import Database
from tests.engine.sessions import Opener, run

SAMPLES = 8
TOKENS = 128
ROUNDS = 5
GOAL = 0.6
SUMS = 60
VOTES = 9
TEMPERATURE = 0.8
WARM = Sampling(temperature=TEMPERATURE, seed=1)


@pytest.mark.bench
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("model", ["smollm2", "nano"])
async def test_print_what_a_batch_of_samples_costs(
    model: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Both ways in turn within each round, so that a change of the machine meets both."""
    together: list[float] = []
    in_turn: list[float] = []
    async with Engine.start(tmp_path / "engine.log") as engine:
        await engine.load(request.getfixturevalue(model), context=2048)
        await _seconds(engine, 1)
        for _ in range(ROUNDS):
            together.append(await _seconds(engine, SAMPLES))
            in_turn.append(sum([await _seconds(engine, 1) for _ in range(SAMPLES)]))
    ratio = statistics.median(together) / statistics.median(in_turn)
    print(f"\n{model}: {SAMPLES} samples of {TOKENS} tokens, {os.cpu_count()} cores, {ROUNDS} rounds")
    for name, seconds in (("in one batch", together), ("one after the other", in_turn)):
        print(f"{name:22}{statistics.median(seconds):8.2f} s{min(seconds):8.2f} to {max(seconds):.2f}")
    print(f"{'ratio':22}{ratio:8.2f}    goal {GOAL}")


@pytest.mark.bench
@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("digits", [3, 4])
async def test_print_how_often_a_vote_is_right(digits: int, nano: Path, tmp_path: Path) -> None:
    """Sums of so many digits, each answered once and by a vote; the single sample is the first that votes."""
    draw = random.Random(digits)
    lowest, highest = 10 ** (digits - 1), 10**digits - 1
    sums = [(draw.randint(lowest, highest), draw.randint(lowest, highest)) for _ in range(SUMS)]
    right = {1: 0, VOTES: 0}
    with closing(Database.in_memory()) as database:
        async with Engine.start(tmp_path / "engine.log") as engine:
            session = Opener(Chats(database), engine, tmp_path)
            for seed, (left, added) in enumerate(sums):
                hot = Config(temperature=TEMPERATURE, seed=seed * VOTES)
                for votes in right:
                    asked = session(nano, hot).send(f"What is {left} + {added}?", Poll(votes))
                    said = result_of((await run(asked)).text)
                    right[votes] += said is not None and said.key == ("number", str(left + added))
    print(f"\nnano at temperature {TEMPERATURE}, {SUMS} sums of {digits} digits")
    for votes, count in right.items():
        print(f"{votes:3} sample{'s' if votes > 1 else ' '}{count:6} right {count / SUMS:8.0%}")


async def _seconds(engine: Engine, samples: int) -> float:
    """For so many replies of exactly so many tokens, the prompt evaluated before."""
    started = time.perf_counter()
    reply = engine.generate(
        Generate(
            (ChatMessage("user", "What is 4711 + 8512?"),),
            WARM,
            max_tokens=TOKENS,
            endless=True,
            samples=samples,
        )
    )
    generated = [report.generated_tokens async for report in reply if isinstance(report, Done)]
    assert generated == [TOKENS] * samples
    return time.perf_counter() - started
