"""What the reports of the engine make of a turn, where their order matters."""

from __future__ import annotations

from contextlib import closing
from typing import cast

from localr1.chat.answering import Answering
from localr1.chat.events import PromptProgress, ThinkingBudget
from localr1.chat.families import family_of
from localr1.chat.saved_reply import SavedReply
from localr1.chat.steering import Bounds, Steering, Wishes
from localr1.chat.task import Task
from localr1.chat.turn import Turn
from localr1.engine.client import Engine
from localr1.engine.reports import Rendered
from localr1.store.chats import Chats
from localr1.store.database import Database
from tests.fakes import ScriptedEngine

R1 = family_of("<｜Assistant｜></think>", "<｜Assistant｜><think>\n", "qwen2")
RENDERED = Rendered(id=1, prompt_tokens=9, cached_tokens=4, pause_at=7)


def answering(database: Database, engine: ScriptedEngine, wishes: Wishes) -> Answering:
    """A reply that has not begun."""
    chats = Chats(database)
    task = Task(chats.add_user_message(chats.create().id, None, "How many?"))
    turn = Turn(R1)
    steering = Steering(R1, turn, Bounds(budget=20), wishes)
    return Answering(cast(Engine, engine), turn, steering, SavedReply(chats, task, turn, "nano"), wishes)


async def test_the_budget_is_told_with_the_prompt() -> None:
    with closing(Database.in_memory()) as database:
        reply = answering(database, ScriptedEngine(), Wishes())
        assert reply.begin(seen=False).pause_at == 20
        assert reply.take(RENDERED) == [ThinkingBudget(7), PromptProgress(4, 9)]


async def test_an_answer_that_was_wanted_when_the_request_had_to_be_shortened_is_not_forgotten() -> None:
    """The pause was asked of the request before, which did not fit the context."""
    engine, wishes = ScriptedEngine(), Wishes()
    with closing(Database.in_memory()) as database:
        reply = answering(database, engine, wishes)
        reply.begin(seen=False)
        wishes.answer_now = True
        reply.take(RENDERED)
    assert engine.pauses == 1
