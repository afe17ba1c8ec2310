"""Asking an engine, the short way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from localr1.engine.client import Engine, Progress
from localr1.engine.process import PATIENCE, Patience
from localr1.engine.reports import Done, Piece
from localr1.engine.requests import ChatMessage, Generate
from localr1.sampling import Sampling, Speculate
from tests.engine.processes import WAIT_SECONDS

GREEDY = Sampling(temperature=0)
RAMBLING = Sampling(temperature=3, top_p=1, top_k=0, seed=1)
"""So improbable that no reply ends by itself for a long time."""


@dataclass(frozen=True)
class Asked:
    """A reply and all that was said about it."""

    pieces: list[str]
    done: Done

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def user(text: str) -> ChatMessage:
    return ChatMessage("user", text)


def assistant(text: str) -> ChatMessage:
    return ChatMessage("assistant", text)


@asynccontextmanager
async def engine_of(
    directory: Path, command: Sequence[str] | None = None, patience: Patience = PATIENCE
) -> AsyncIterator[Engine]:
    """An engine that keeps its log in a directory."""
    async with Engine.start(directory / "engine.log", command=command, patience=patience) as engine:
        yield engine


async def ask(
    engine: Engine,
    *messages: ChatMessage,
    sampling: Sampling = GREEDY,
    prefill: str = "",
    max_tokens: int = 0,
    speculate: Speculate = "off",
) -> Asked:
    """The whole reply to a conversation."""
    reports: list[Progress] = []
    reply = engine.generate(
        Generate(messages, sampling, prefill=prefill, max_tokens=max_tokens, speculate=speculate)
    )
    async with aclosing(reply):
        async for report in reply:
            reports.append(report)
    done = reports[-1]
    assert isinstance(done, Done)
    return Asked([report.text for report in reports if isinstance(report, Piece)], done)


async def until(condition: Callable[[], bool]) -> None:
    """Let everything else run until a condition holds, but not for ever."""

    async def look() -> None:
        while not condition():
            await asyncio.sleep(0)

    await asyncio.wait_for(look(), WAIT_SECONDS)
