"""Which states stay in memory, and how much of it they take."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.engine.client import Engine
from localr1.engine.worker.parked import FREE_SHARE, MOST, WORTH, ParkedStates
from localr1.engine.worker.state import State
from tests.engine.asking import ask, assistant, user
from tests.engine.recurrent_model import write_mamba

PLENTY = 1 << 40


def state(*tokens: int, size: int = 1000) -> State:
    return State(tokens, memoryview(bytearray(size)))


def run_of(first: int, length: int = 100) -> tuple[int, ...]:
    return tuple(range(first, first + length))


def test_the_state_that_was_used_longest_ago_makes_room() -> None:
    parked = ParkedStates(lambda: 3000 * FREE_SHARE - parked.size)
    states = [state(*run_of(1000 * number)) for number in range(4)]
    for one in states[:3]:
        parked.add(one)
    parked.use(states[0])
    parked.add(states[3])
    assert list(parked) == [states[2], states[0], states[3]]


def test_they_take_a_quarter_of_the_free_memory_at_most() -> None:
    parked = ParkedStates(lambda: 4000)
    assert parked.has_room(1000)
    assert not parked.has_room(1001)


def test_however_much_is_free_there_is_a_limit() -> None:
    parked = ParkedStates(lambda: PLENTY)
    assert parked.has_room(MOST)
    assert not parked.has_room(MOST + 1)


def test_a_state_that_a_longer_one_holds_goes() -> None:
    parked = ParkedStates(lambda: PLENTY)
    parked.add(state(*run_of(0, 50)))
    other = state(*run_of(0, 40), *run_of(500, WORTH))
    parked.add(other)
    longer = state(*run_of(0, 100))
    parked.add(longer)
    assert list(parked) == [other, longer]


def test_nothing_is_copied_that_nearly_is_there() -> None:
    parked = ParkedStates(lambda: PLENTY)
    parked.add(state(*run_of(0)))
    assert parked.holds([*run_of(0, 50), *run_of(700, WORTH - 1)])
    assert not parked.holds([*run_of(0, 50), *run_of(700, WORTH)])


def test_states_that_are_of_use_only_whole_stay_side_by_side() -> None:
    parked = ParkedStates(lambda: PLENTY)
    for length in (50, 51, 51):
        parked.add(state(*run_of(0, length)), alone=True)
    assert [len(one.tokens) for one in parked] == [50, 51]


@pytest.fixture
async def mamba_engine(engine: Engine, tmp_path: Path, nano: Path) -> Engine:
    """An engine with a model whose state has no beginning that could be kept."""
    await engine.load(write_mamba(tmp_path / "mamba.gguf", nano))
    return engine


async def test_a_recurrent_model_goes_back_to_the_ends_of_its_prompts(mamba_engine: Engine) -> None:
    question, follow_up = user("What is 47 + 85?"), user("Now add 5.")
    said = (question, assistant("132"), follow_up)
    whole = await ask(mamba_engine, *said, max_tokens=9)
    first = await ask(mamba_engine, question, max_tokens=9)
    assert first.done.evaluated_tokens == first.done.prompt_tokens
    assert (await ask(mamba_engine, question, max_tokens=9)).done.evaluated_tokens == 1
    prepared = await mamba_engine.prepare(said[:2])
    assert prepared and prepared.evaluated_tokens == prepared.known_tokens
    again = await ask(mamba_engine, *said, max_tokens=9)
    assert (again.text, again.done.evaluated_tokens) == (whole.text, 1)
    other = (await ask(mamba_engine, *said[:2], user("Now add 6."), max_tokens=9)).done
    assert other.evaluated_tokens == other.prompt_tokens - prepared.known_tokens
