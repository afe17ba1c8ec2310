"""Chats that go on from what was kept of them on the disk, over the real worker and the bundled model."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncGenerator, Callable
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import TypeAlias

import pytest

from localr1.chat.events import Event
from localr1.chat.session import ChatSession
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.engine.requests import StateFile
from localr1.engine.worker.cache import Cache
from localr1.engine.worker.model import Model
from localr1.engine.worker.state_file import WORTH_SAVING, SavedState
from localr1.message import Message
from localr1.saved_states import SavedStates
from localr1.store.chat import Chat
from localr1.store.chats import Chats
from tests.engine.asking import engine_of
from tests.engine.sessions import GREEDY, Opener, run

QUESTION = "There are 47 apples in one basket and 85 apples in another. " * 8 + "What is 47 + 85?"
FOLLOW_UP = "Now add 5."
REPLY_MARKS = 3
"""Tokens of nano's template after a question: the assistant's mark, the thinking tag and a line end."""


Turn: TypeAlias = Callable[[ChatSession], AsyncGenerator[Event, None]]


class Restarts:
    """Asks in one chat, with another worker for each question."""

    def __init__(self, chats: Chats, home: Path, nano: Path) -> None:
        self._chats = chats
        self._home = home
        self._nano = nano
        self.states = SavedStates(home / "states")
        self.chat: Chat | None = None

    async def ask(self, text: str, config: Config = GREEDY, *, stays: bool = True) -> Message:
        """The reply to a question."""
        return await self.turn(lambda session: session.send(text), config, stays=stays)

    async def turn(self, begin: Turn, config: Config = GREEDY, *, stays: bool = True) -> Message:
        """The reply of a turn, after which all that is to be kept is on the disk."""
        async with engine_of(self._home) as engine:
            opener = Opener(self._chats, engine, self._home)
            session = opener(self._nano, config, self.chat, states=self.states, stays=stays)
            reply = await run(begin(session))
            await session.rest()
            self.chat = session.chat
            return reply

    @property
    def files(self) -> list[Path]:
        directory = self._home / "states"
        return sorted(directory.iterdir()) if directory.exists() else []


@pytest.fixture
def restarts(chats: Chats, tmp_path: Path, nano: Path) -> Restarts:
    return Restarts(chats, tmp_path, nano)


def evaluated(reply: Message) -> int:
    assert reply.stats
    return reply.stats.evaluated_tokens


def everything(reply: Message) -> int:
    assert reply.stats
    return reply.stats.prompt_tokens


async def test_a_chat_goes_on_after_a_restart_with_its_question_alone(restarts: Restarts) -> None:
    first = await restarts.ask(QUESTION)
    assert evaluated(first) == everything(first)
    second = await restarts.ask(FOLLOW_UP)
    assert evaluated(second) == len(FOLLOW_UP) + REPLY_MARKS
    third = await restarts.ask("Now add 6.")
    assert evaluated(third) == len("Now add 6.") + REPLY_MARKS


async def test_what_was_kept_answers_as_what_was_evaluated_anew(restarts: Restarts) -> None:
    await restarts.ask(QUESTION)
    kept = await restarts.ask(FOLLOW_UP)
    restarts.states.clear()
    anew = await restarts.turn(ChatSession.regenerate)
    assert evaluated(anew) == everything(anew) > evaluated(kept)
    assert kept.raw == anew.raw


@pytest.mark.parametrize("saved", [True, False])
async def test_who_begins_to_write_in_a_chat_that_was_opened_waits_for_the_question_alone(
    restarts: Restarts, chats: Chats, tmp_path: Path, nano: Path, saved: bool
) -> None:
    await restarts.ask(QUESTION)
    async with engine_of(tmp_path) as engine:
        states = restarts.states if saved else None
        session = Opener(chats, engine, tmp_path)(nano, GREEDY, restarts.chat, states=states, stays=True)
        session.prepare()
        await session.load()
        session.prepare()
        session.prepare()
        await session.rest()
        restarts.states.clear()
        assert evaluated(await run(session.send(FOLLOW_UP))) == len(FOLLOW_UP) + REPLY_MARKS


async def test_whoever_leaves_at_once_keeps_what_is_evaluated_already(restarts: Restarts) -> None:
    first = await restarts.ask(QUESTION, stays=False)
    second = await restarts.ask(FOLLOW_UP, stays=False)
    answer_and_marks = everything(second) - (everything(first) - REPLY_MARKS + 1)
    assert evaluated(second) == answer_and_marks


async def test_files_are_private(restarts: Restarts) -> None:
    before = os.umask(0)
    try:
        await restarts.ask(QUESTION)
    finally:
        os.umask(before)
    (file,) = restarts.files
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "config", [Config(temperature=0, saved_states=0), Config(temperature=0, max_tokens=9)]
)
async def test_nothing_is_kept_that_is_not_wanted_or_may_go_on(restarts: Restarts, config: Config) -> None:
    await restarts.ask(QUESTION, config)
    assert restarts.files == []


async def test_a_short_chat_is_not_worth_a_file(restarts: Restarts) -> None:
    await restarts.ask("What is 47 + 85?")
    assert restarts.files == []


async def test_a_file_that_is_larger_than_all_may_be_is_not_written(restarts: Restarts) -> None:
    size = await _size_of_a_file(restarts)
    assert size > 1_000_000
    restarts.states.clear()
    await restarts.ask(FOLLOW_UP, Config(temperature=0, saved_states=1))
    assert restarts.files == []


async def _size_of_a_file(restarts: Restarts) -> int:
    await restarts.ask(QUESTION)
    return restarts.files[0].stat().st_size


def flip(position: int) -> Callable[[bytes], bytes]:
    def flipped(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[position] ^= 1
        return bytes(changed)

    return flipped


@pytest.mark.parametrize(
    "damage",
    [
        flip(0),
        flip(20),
        flip(90),
        flip(-1),
        flip(-100_000),
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: data[:100],
        lambda data: b"",
        lambda data: data.replace(b'"terms":"', b'"terms":"other ', 1),
    ],
)
async def test_a_damaged_file_is_as_good_as_none_and_goes(
    kept: tuple[SavedState, Path, Model], damage: Callable[[bytes], bytes]
) -> None:
    state, file, _ = kept
    file.write_bytes(damage(file.read_bytes()))
    assert state.read() is None
    assert not file.exists()


@pytest.fixture
def kept(nano_model: Model, tmp_path: Path) -> tuple[SavedState, Path, Model]:
    """A state on the disk, with its file."""
    cache = Cache(nano_model.growing)
    cache.keep_prefix([])
    cache.extend([token % 250 for token in range(WORTH_SAVING)])
    file = tmp_path / "1-0123456789abcdef.state"
    state = saved_state(file)
    state.keep(cache)
    assert state.tokens() == tuple(cache.tokens)
    return state, file, nano_model


def saved_state(
    file: Path, *, model: str = "nano", terms: str = "these", stopped: Callable[[], bool] = lambda: False
) -> SavedState:
    return SavedState(StateFile(os.fsencode(file), model, 10**9), terms, stopped)


def test_a_state_comes_back_bit_by_bit(kept: tuple[SavedState, Path, Model]) -> None:
    state, _, model = kept
    read = state.read()
    cache = Cache(model.growing)
    assert read
    cache.restore(read)
    copy = cache.state()
    assert copy and bytes(copy.data) == bytes(read.data)


def test_a_state_of_another_model_or_library_is_none(kept: tuple[SavedState, Path, Model]) -> None:
    _, file, _ = kept
    assert saved_state(file, model="another").tokens() == ()
    assert saved_state(file, terms="others").tokens() == ()


def test_who_is_stopped_writes_nothing_and_damages_nothing(
    kept: tuple[SavedState, Path, Model], tmp_path: Path
) -> None:
    _, file, model = kept
    stopped = saved_state(file, stopped=lambda: True)
    assert stopped.read() is None
    assert file.exists()
    cache = Cache(model.growing)
    cache.keep_prefix([])
    cache.extend([1] * WORTH_SAVING)
    elsewhere = tmp_path / "2-0123456789abcdef.state"
    saved_state(elsewhere, stopped=lambda: True).keep(cache)
    assert list(tmp_path.iterdir()) == [file]


def test_whoever_is_stopped_in_the_middle_leaves_nothing_behind(tmp_path: Path, nano_model: Model) -> None:
    cache = Cache(nano_model.growing)
    cache.keep_prefix([])
    cache.extend([1] * WORTH_SAVING)
    file = tmp_path / "1-0123456789abcdef.state"
    steps = ("begun", "the state", "its name")
    for patience in range(len(steps)):
        answers = chain(repeat(False, patience), repeat(True))
        saved_state(file, stopped=partial(next, answers)).keep(cache)
        assert list(tmp_path.iterdir()) == []
    answers = chain(repeat(False, len(steps)), repeat(True))
    saved_state(file, stopped=partial(next, answers)).keep(cache)
    assert list(tmp_path.iterdir()) == [file]


def test_a_directory_in_the_place_of_the_file_is_none(tmp_path: Path, nano_model: Model) -> None:
    file = tmp_path / "1-0123456789abcdef.state"
    file.mkdir()
    state = saved_state(file)
    cache = Cache(nano_model.growing)
    cache.keep_prefix([])
    cache.extend([1] * WORTH_SAVING)
    state.keep(cache)
    assert (state.tokens(), state.read()) == ((), None)
    assert list(tmp_path.iterdir()) == [file]


def test_states_depend_on_how_the_context_computes(nano_model: Model) -> None:
    for term in ("type_k=", "flash_attn_type=", "rope_freq_base=", "swa_full="):
        assert term in nano_model.terms


async def test_a_preparation_that_is_ended_writes_nothing_afterwards(
    opener: Opener, engine: Engine, tmp_path: Path, nano: Path
) -> None:
    states = SavedStates(tmp_path / "states")
    session = opener(nano, states=states, stays=True)
    await run(session.send(QUESTION))
    await asyncio.sleep(0)
    await session.end_preparation()
    states.clear()
    assert await engine.count("now") is not None
    assert not any((tmp_path / "states").glob("*"))
