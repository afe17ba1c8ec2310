"""Sessions over the real worker, the short way."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

from localr1.catalog import load_catalog
from localr1.chat.events import Event, TurnDone
from localr1.chat.session import ChatSession
from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.library.library import Library
from localr1.library.local_model import LocalModel
from localr1.message import Message
from localr1.saved_states import SavedStates
from localr1.store.chat import Chat
from localr1.store.chats import Chats

QUESTION = "What is 47 + 85?"
GREEDY = Config(temperature=0)


class Opener:
    """Opens sessions over one store and one engine."""

    def __init__(self, chats: Chats, engine: Engine, home: Path) -> None:
        self._chats = chats
        self._engine = engine
        self._library = Library(load_catalog, home / "models")

    def __call__(
        self,
        path: Path,
        config: Config = GREEDY,
        chat: Chat | None = None,
        given: ChatOptions = NO_OPTIONS,
        *,
        states: SavedStates | None = None,
        stays: bool = False,
    ) -> ChatSession:
        model = LocalModel(path.stem, path, 1, "F16")
        return ChatSession(
            self._chats,
            self._engine,
            model,
            config,
            chat,
            library=self._library,
            given=given,
            states=states,
            stays=stays,
        )


async def run(events: AsyncGenerator[Event, None]) -> Message:
    """Run a turn to its end and give its reply."""
    return reply_of(await events_of(events))


async def events_of(events: AsyncGenerator[Event, None]) -> list[Event]:
    """All that happens in a turn."""
    async with aclosing(events) as turn:
        return [event async for event in turn]


def reply_of(events: list[Event]) -> Message:
    """What the last event of a turn holds."""
    last = events[-1]
    assert isinstance(last, TurnDone)
    return last.message
