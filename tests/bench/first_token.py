"""How long a conversation waits for its next token."""

from __future__ import annotations

import time
from contextlib import aclosing

from localr1.engine.client import Engine
from localr1.engine.reports import Done, Piece
from localr1.engine.requests import ChatMessage, Generate, StateFile
from tests.engine.asking import GREEDY


async def first_token(
    engine: Engine, messages: tuple[ChatMessage, ...], state: StateFile | None = None
) -> tuple[float, Done]:
    """Seconds to the first piece of the reply, and how the reply ended."""
    started = time.perf_counter()
    seconds = 0.0
    asked = engine.generate(Generate(messages, GREEDY, max_tokens=2, state=state))
    async with aclosing(asked) as reports:
        async for report in reports:
            match report:
                case Piece() if not seconds:
                    seconds = time.perf_counter() - started
                case Done():
                    return seconds or time.perf_counter() - started, report
    raise AssertionError("there was no end")
