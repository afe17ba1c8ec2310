"""A reply that grows is saved now and then, and never holds up what shows it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from localr1.chat.families import family_of
from localr1.chat.saved_reply import SAVE_INTERVAL, SavedReply
from localr1.chat.task import Task
from localr1.chat.turn import Turn
from localr1.engine.reports import Piece
from localr1.store.chats import Chats
from localr1.store.database import Database

FOR_EVER = 600
"""Seconds; the test would not last as long."""
R1 = family_of("<｜Assistant｜></think>", "<｜Assistant｜><think>\n", "qwen2")


class Clock:
    """Passes the time between two saves whenever it is looked at."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        self._now += 2 * SAVE_INTERVAL
        return self._now


def test_a_reply_that_grows_while_another_program_writes_is_saved_later(tmp_path: Path) -> None:
    with (
        closing(Database.open(tmp_path / "chats.db", busy_timeout=FOR_EVER)) as ours,
        closing(Database.open(tmp_path / "chats.db")) as theirs,
    ):
        chats, turn = Chats(ours), Turn(R1)
        question = chats.add_user_message(chats.create().id, None, "How many?")
        saved = SavedReply(chats, Task(question), turn, "nano", Clock())
        saved.begin()
        turn.feed(Piece(id=1, text="I count", tokens=2))
        with theirs.transaction():
            saved.save_now_and_then()
            assert chats.branch(question.chat_id)[-1].thinking == ""
        saved.save_now_and_then()
        assert chats.branch(question.chat_id)[-1].thinking == "I count"


def test_a_reply_that_begins_while_another_program_writes_gets_its_place_later(tmp_path: Path) -> None:
    with (
        closing(Database.open(tmp_path / "chats.db", busy_timeout=FOR_EVER)) as ours,
        closing(Database.open(tmp_path / "chats.db")) as theirs,
    ):
        chats, turn = Chats(ours), Turn(R1)
        question = chats.add_user_message(chats.create().id, None, "How many?")
        saved = SavedReply(chats, Task(question), turn, "nano", Clock())
        with theirs.transaction():
            assert saved.begin()
            assert not saved.begin()
            turn.feed(Piece(id=1, text="I count", tokens=2))
            saved.save_now_and_then()
        assert chats.branch(question.chat_id) == [question]
        saved.save_now_and_then()
        assert chats.branch(question.chat_id)[-1].thinking == "I count"
