"""Chats that are longer than any screen."""

from __future__ import annotations

from pathlib import Path

from localr1.message import FinishReason, Reply
from localr1.store.chats import Chats
from tests.tui.chatting import store

ANSWER = "Answer number {n}.\n\n- one\n- two\n\n```python\nprint({n})\n```\n"


def question(turn: int) -> str:
    return f"Question number {turn}?"


def fill(home: Path, turns: int, *, answer: str = ANSWER, thinking: str = "Let me see {n}.") -> int:
    """A chat of so many turns, numbered from 0; its id."""
    with store(home) as chats:
        chat = chats.create(title="Long", model="nano")
        parent = None
        for turn in range(turns):
            parent = _turn(chats, chat.id, parent, turn, answer, thinking)
    return chat.id


def _turn(chats: Chats, chat_id: int, parent: int | None, turn: int, answer: str, thinking: str) -> int:
    asked = chats.add_user_message(chat_id, parent, question(turn))
    reply = chats.start_reply(chat_id, asked.id, "nano")
    text, thought = answer.replace("{n}", str(turn)), thinking.replace("{n}", str(turn))
    chats.save_reply(reply.id, Reply(text, thought, text, FinishReason.STOP))
    return reply.id
