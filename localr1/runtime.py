"""Builds configuration, store and engine once for either front end, and closes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from localr1.catalog import load_catalog
from localr1.chat.session import ChatSession
from localr1.config import Config
from localr1.engine.client import Engine
from localr1.library import Library
from localr1.paths import Paths
from localr1.store.chats import Chat, Chats
from localr1.store.database import Database


@dataclass(frozen=True, slots=True)
class Runtime:
    """What a front end needs, built and open."""

    config: Config
    paths: Paths
    library: Library
    chats: Chats
    engine: Engine

    def session(self, chat: Chat | None = None, model: str = "") -> ChatSession:
        """A session in a chat, or in a new one; raises ModelFileError when its model is not here."""
        name = model or (chat.model if chat else "") or self.config.model
        return ChatSession(self.chats, self.engine, self.library.find(name), self.config, chat)


@asynccontextmanager
async def open_runtime(config: Config, paths: Paths, *, temporary: bool = False) -> AsyncIterator[Runtime]:
    """Start the engine, open the store; a temporary one lives in memory and leaves nothing behind."""
    async with Engine.start(paths.engine_log) as engine:
        database = Database.in_memory() if temporary else Database.open(paths.database)
        try:
            library = Library(load_catalog, paths.models)
            yield Runtime(config, paths, library, Chats(database), engine)
        finally:
            database.close()
