"""A turn as programs follow it: what happens meanwhile, and then the whole answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeAlias

from localr1.chat.answer import Answer, answer_of
from localr1.chat.events import Event, TurnDone
from localr1.chat.session import ChatSession
from localr1.chat.settled import Settler
from localr1.errors import StoppedError, TimedOutError

Step: TypeAlias = Event | Answer
"""An event of a turn; the last one is the whole answer."""


async def steps_of(
    turn: AsyncGenerator[Event, None], session: ChatSession, *, saved: bool
) -> AsyncGenerator[Step, None]:
    """The settled events of a turn of this session, and its answer in the place of TurnDone.

    Raises as the turn does, and FormError for a whole answer that has not the form of the session.
    """
    settler = Settler()
    async with aclosing(turn) as events:
        async for event in events:
            for settled in settler.feed(event):
                match settled:
                    case TurnDone(message):
                        yield answer_of(message, session, saved=saved)
                    case _:
                        yield settled


async def last_answer(steps: AsyncGenerator[Step, None], timeout: float | None = None) -> Answer:
    """What a turn comes to; raises StoppedError where its reply was stopped before the first word.

    After `timeout` seconds, where there is one, raises TimedOutError.
    """
    try:
        return await asyncio.wait_for(_last_answer(steps), timeout)
    except asyncio.TimeoutError:
        raise TimedOutError(f"The reply took longer than {timeout:g} seconds.") from None


async def _last_answer(steps: AsyncGenerator[Step, None]) -> Answer:
    async with aclosing(steps):
        async for step in steps:
            if isinstance(step, Answer):
                return step
    raise StoppedError("The reply was stopped before its first word.")
