"""Loops in a turn: a scripted engine, as no model goes round in circles on demand; the store is real."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import aclosing, closing
from pathlib import Path
from typing import cast

import pytest

from localr1.catalog import load_catalog
from localr1.chat.events import Event, LoopBroken, ThinkingClosed, TurnDone
from localr1.chat.session import ChatSession
from localr1.chat.trace import CLOSING
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.message import FinishReason, Message
from localr1.store.chats import Chats
from localr1.store.database import Database
from tests.fakes import ScriptedEngine

ROUND = ("Wait, ", "let me ", "count them ", "again.\n") * 200
"""200 times the same, in four tokens each."""


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    with closing(Database.open(tmp_path / "chats.db")) as database:
        yield Chats(database)


async def turn_of(
    engine: ScriptedEngine, chats: Chats, nano: Path, config: Config | None = None
) -> tuple[list[Event], Message]:
    """The events of one turn and the reply that is in the store after it."""
    model = LocalModel("nano", nano, 1, "F16")
    library = Library(load_catalog, nano.parent / "absent")
    session = ChatSession(chats, cast(Engine, engine), model, config or Config(), library=library)
    async with aclosing(session.send("How many?")) as turn:
        events = [event async for event in turn]
    assert isinstance(events[-1], TurnDone)
    return events, events[-1].message


def broken(events: list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, LoopBroken | ThinkingClosed)]


async def test_a_thinking_that_goes_round_in_circles_is_closed_and_answered(chats: Chats, nano: Path) -> None:
    engine = ScriptedEngine(*ROUND[:264], *["3", " of", " them."])
    events, reply = await turn_of(engine, chats, nano)
    assert broken(events) == [LoopBroken(in_thinking=True)]
    assert engine.inserted[0].endswith(f"{CLOSING}\n</think>\n\n")
    assert reply.text.endswith("3 of them.")
    assert reply.thinking.endswith(f"{CLOSING}\n")


async def test_an_answer_that_goes_round_in_circles_is_ended_and_says_so(chats: Chats, nano: Path) -> None:
    events, reply = await turn_of(ScriptedEngine("Hm.</think>\n\n", *ROUND), chats, nano)
    assert broken(events) == [LoopBroken(in_thinking=False)]
    assert reply.finish_reason is FinishReason.REPETITION
    assert reply.text.startswith("Wait, let me")
    assert len(reply.text) < 2_300


async def test_an_answer_may_loop_after_its_thinking_did(chats: Chats, nano: Path) -> None:
    events, reply = await turn_of(ScriptedEngine(*ROUND), chats, nano)
    assert broken(events) == [LoopBroken(in_thinking=True), LoopBroken(in_thinking=False)]
    assert reply.finish_reason is FinishReason.REPETITION


async def test_what_is_thought_and_then_said_is_no_loop(chats: Chats, nano: Path) -> None:
    half = ROUND[: len(ROUND) // 4]
    events, reply = await turn_of(ScriptedEngine(*half, "</think>\n\n", *half), chats, nano)
    assert broken(events) == []
    assert reply.finish_reason is FinishReason.STOP


async def test_a_loop_is_left_alone_where_the_user_wants_it(chats: Chats, nano: Path) -> None:
    config = Config(loop_breaker=False)
    events, reply = await turn_of(ScriptedEngine(*ROUND), chats, nano, config)
    assert broken(events) == []
    assert reply.thinking.rstrip() == "".join(ROUND).rstrip()
